// What the screens of nouns do by themselves: picking by typing, ticks and the bulk bar, menus that close.
(() => {
  'use strict';
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Picking by typing. Old options are cleared the moment someone types, so that Enter never takes a wrong one.
  function pick(select) {
    if (select.tomselect) return;
    // What else was picked in the form narrows what is offered: a customer's devices.
    const within = select.dataset.within;
    const owner = within && select.form.elements[`${within}_id`];
    const narrow = () => (owner?.value ? `&${within}=${owner.value}` : '');
    const look = (q) => fetch(`${select.dataset.lookup}?q=${encodeURIComponent(q)}${narrow()}`, { headers: { Accept: 'application/json' } })
      .then((answer) => (answer.ok ? answer.json() : []));
    const marked = (data, escape) => (data.hit
      ? `${escape(data.text.slice(0, data.hit[0]))}<b>${escape(data.text.slice(...data.hit))}</b>${escape(data.text.slice(data.hit[1]))}`
      : escape(data.text));
    const option = (data, escape) => `<div>${marked(data, escape)}${data.sub ? `<small>${escape(data.sub)}</small>` : ''}</div>`;
    const none = (data, escape) => (select.dataset.create
      ? `<a class="option ac-pick-new" href="${escape(select.dataset.create)}" target="_blank" rel="noopener">${escape(select.dataset.none)}</a>`
      : `<div class="no-results">${escape(select.dataset.none || '')}</div>`);
    new window.TomSelect(select, {
      valueField: 'value', searchField: 'text', preload: 'focus', maxOptions: 20, refreshThrottle: 0,
      allowEmptyOption: false, hideSelected: true, placeholder: select.options[0]?.text || '', score: () => () => 1,
      onType() { this.clearOptions(); this.refreshOptions(true); },
      load(q, done) {
        // An answer to what is no longer asked is dropped: it would offer what does not fit.
        look(q).then((found) => {
          if (q.trim() !== this.inputValue()) return done();
          this.clearOptions();
          return done(found);
        }).catch(() => done());
      },
      // The label now names the box that people type into; the list behind it is for the form alone.
      onInitialize() { select.setAttribute('aria-hidden', 'true'); },
      render: { option, item: (data, escape) => `<div>${escape(data.text)}</div>`, no_results: none },
    });
    if (owner) {
      owner.addEventListener('change', () => {
        select.tomselect.clear();
        select.tomselect.clearOptions();
        select.tomselect.load('');
      });
    }
  }

  // Its script is fetched where a pick can be seen: lists keep theirs in menus that mostly stay closed.
  const home = document.currentScript.src;
  let fetched = null;
  function picks() {
    fetched = fetched || new Promise((done) => {
      const script = document.createElement('script');
      script.src = new URL('vendor/tom-select.min.js', home);
      script.addEventListener('load', done);
      document.head.append(script);
    });
    fetched.then(() => all('select[data-lookup]').forEach(pick));
  }
  document.addEventListener('toggle', (event) => {
    if (event.target.open && event.target.querySelector('select[data-lookup]')) picks();
  }, true);

  function ticks() {
    const boxes = all('[data-tick]');
    const bar = document.querySelector('[data-bulk]');
    if (!bar) return;
    const on = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest('tr').classList.toggle('ac-ticked', box.checked));
    const words = bar.querySelector('[data-ticked]');
    words.dataset.idle = words.dataset.idle || words.textContent;
    words.textContent = on.length ? `${on.length} / ${boxes.length}` : words.dataset.idle;
    bar.querySelector('[data-when-ticked]').hidden = !on.length;
    const every = document.querySelector('[data-all]');
    if (every) {
      every.checked = on.length > 0 && on.length === boxes.length;
      every.indeterminate = on.length > 0 && on.length < boxes.length;
    }
  }

  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-all]')) all('[data-tick]').forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches('[data-all], [data-tick]')) ticks();
  });

  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-untick]')) {
      all('[data-tick]').forEach((box) => { box.checked = false; });
      ticks();
    }
    all('details.ac-menu[open]').forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') all('details.ac-menu[open]').forEach((menu) => { menu.open = false; });
    const typing = event.target.matches('input:not([type=checkbox]), textarea, select');
    if (event.key.toLowerCase() !== 'x' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = event.target.closest('tr[data-row]')?.querySelector('[data-tick]');
    if (box) {
      box.checked = !box.checked;
      ticks();
    }
  });

  // A filter form leaves out what is empty: addresses stay short.
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('[data-filters]')) return;
    all('input, select', event.target).forEach((input) => { if (input.name && !input.value) input.disabled = true; });
  });
  window.addEventListener('pageshow', () => all('[data-filters] :disabled').forEach((input) => { input.disabled = false; }));

  if (all('select[data-lookup]').some((select) => !select.closest('details:not([open])'))) picks();
  ticks();
})();
