// What pages do by themselves. One delegated listener per event, nothing of the business.
(() => {
  'use strict';
  const all = (selector) => [...document.querySelectorAll(selector)];
  const shown = (element) => element.offsetParent !== null || element.getClientRects().length > 0;
  const remember = (name, value) => {
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
  };

  function switchLook() {
    const root = document.documentElement;
    root.dataset.bsTheme = root.dataset.bsTheme === 'dark' ? 'light' : 'dark';
    remember('look', root.dataset.bsTheme);
  }

  function toggleRow(link) {
    const row = document.getElementById(link.dataset.expand);
    row.hidden = !row.hidden;
    link.setAttribute('aria-expanded', String(!row.hidden));
  }

  function showPassword(button) {
    const input = document.getElementById(button.dataset.show);
    const hide = input.type === 'text';
    input.type = hide ? 'password' : 'text';
    button.setAttribute('aria-pressed', String(!hide));
  }

  // Fills the log-in form with an account of the demonstration company.
  function fillTrial(button) {
    document.getElementById('username').value = button.dataset.trial;
    const password = document.getElementById('password');
    password.value = button.dataset.password;
    password.form.querySelector('.ac-primary').focus();
  }

  // The focus goes to the harmless button; a long form is read from its beginning all the same.
  function ask(box) {
    if (!box || box.open) return;
    box.showModal();
    box.querySelector('[data-first]')?.focus();
    box.scrollTop = 0;
  }

  // Takes a colleague's value of a field over into the form, where he was faster.
  function takeTheirs(button) {
    const fields = all(`[form="decision"][name="${button.dataset.take}"]`);
    fields.forEach((field) => {
      if (field.type === 'radio') field.checked = field.value === button.dataset.value;
      else field.value = button.dataset.value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    button.closest('tr').remove();
  }

  // What a click on an element with this attribute does.
  const clicks = {
    look: switchLook,
    language: (el) => { remember('language', el.dataset.language); location.reload(); },
    dialog: (el) => ask(document.getElementById(el.dataset.dialog)),
    close: (el) => el.closest('dialog').close(),
    expand: toggleRow,
    show: showPassword,
    trial: fillTrial,
    take: takeTheirs,
  };

  document.addEventListener('click', (event) => {
    for (const [name, act] of Object.entries(clicks)) {
      const element = event.target.closest(`[data-${name}]`);
      if (element) {
        event.preventDefault();
        act(element);
        return;
      }
    }
    // A click on the ground around an open dialog leaves it.
    if (event.target.matches('dialog')) {
      const box = event.target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right
        && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside) event.target.close();
    }
  });

  // A form marked data-once is sent once, however often its button is pressed.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if ('forget' in form.dataset) sessionStorage.clear();
    if (!('once' in form.dataset)) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    if (event.submitter) event.submitter.setAttribute('aria-busy', 'true');
  });
  window.addEventListener('pageshow', () => {
    all('form[data-sent]').forEach((form) => { delete form.dataset.sent; });
    all('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'));
  });

  // What is typed into a form marked data-keep stays in this window until log-out.
  const keyOf = (form, field) => `${form.dataset.keep}/${field.name}`;
  function keep(field) {
    if (field.form && field.form.dataset.keep && field.name) sessionStorage.setItem(keyOf(field.form, field), field.value);
  }
  function recall(form) {
    [...form.elements].filter((field) => field.matches('input:not([type=hidden])[name], textarea[name]')).forEach((field) => {
      if (!field.value) field.value = sessionStorage.getItem(keyOf(form, field)) || '';
    });
  }

  function drawRate(input) {
    const share = (100 * (input.value - input.min)) / (input.max - input.min);
    input.style.setProperty('--fill', `${share}%`);
    const out = document.getElementById('rate-out');
    if (out) out.textContent = `${input.value}\u2009%`;
  }

  document.addEventListener('input', (event) => {
    const input = event.target;
    keep(input);
    if ('rate' in input.dataset) drawRate(input);
    if ('fill' in input.dataset) {
      const before = input.dataset.before || '';
      input.closest('[data-group]').querySelectorAll('input[name]').forEach((one) => {
        if (one.value !== before && one.value !== '') return;
        one.value = input.value;
        keep(one);
      });
      input.dataset.before = input.value;
    }
  });

  // Keys: off while typing, inside dialogs only Escape (the browser's own) and Ctrl+Enter.
  const typing = (element) => element.isContentEditable
    || (element.matches('input, textarea, select') && !['range', 'radio', 'checkbox', 'submit'].includes(element.type));

  function move(step) {
    const rows = all('[data-row]').filter(shown);
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    const target = next.matches('a') ? next : next.querySelector('a, button') || next;
    if (target === next && !next.matches('a')) next.tabIndex = -1;
    target.focus();
    target.scrollIntoView({ block: 'nearest' });
  }

  function press(key) {
    const target = all('[data-key]').find((el) => el.dataset.key === key && shown(el));
    if (!target) return false;
    if (target.matches('input')) {
      target.focus();
      target.select();
    } else target.click();
    return true;
  }

  let went = 0;
  function shortcut(key) {
    if (Date.now() - went < 1500) {
      went = 0;
      const entry = all('[data-go]').find((el) => el.dataset.go === key);
      if (entry) location.href = entry.href;
      return Boolean(entry);
    }
    if (key === 'g') {
      went = Date.now();
      return true;
    }
    if (key === 'j' || key === 'k') {
      move(key === 'j' ? 1 : -1);
      return true;
    }
    if (key === '?') {
      ask(document.getElementById('ac-keys'));
      return true;
    }
    return press(key);
  }

  function save(element) {
    const form = element.form || element.closest('form') || document.querySelector('form[data-main]');
    if (!form || form.method !== 'post') return;
    const button = document.querySelector(`[data-save][form="${form.id}"]`)
      || form.querySelector('button:not([type]), [type=submit]');
    if (button) button.click();
  }

  document.addEventListener('keydown', (event) => {
    const element = event.target;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save(element);
      return;
    }
    if (event.key === 'Escape') {
      if (location.hash === '#menu') location.hash = '#main';
      else if (typing(element)) element.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(element) || document.querySelector('dialog[open]')) return;
    if (shortcut(event.key.toLowerCase())) event.preventDefault();
  });

  // A date reads as everywhere on the page, and its blank shows the pattern in the page's language, not as the
  // browser's language has them. Only Chromium draws the words over the field; others keep to their own.
  const DATES = 'input[data-blank]';
  function readDate(input) {
    input.classList.toggle('ac-blank', !input.value);
    if (window.chrome) input.dataset.shown = input.value.replace('T', ' ') || input.dataset.blank;
  }
  ['input', 'change', 'focusout'].forEach((name) => document.addEventListener(name, (event) => {
    if (event.target.matches?.(DATES)) readDate(event.target);
    else if (event.target.matches?.('form')) event.target.querySelectorAll(DATES).forEach(readDate);
  }));

  // What is chosen in a field for files, in the page's own words.
  function nameFile(input) {
    const name = input.parentElement.querySelector('output');
    name.textContent = [...input.files].map((file) => file.name).join('、') || name.dataset.none;
  }
  document.addEventListener('change', (event) => {
    if (event.target.matches?.('[data-file]')) nameFile(event.target);
  });

  // Of a long menu the entry of this page is in sight; the page itself does not move.
  function showEntry() {
    const panel = document.querySelector('.ac-side-panel');
    const entry = panel?.querySelector('[aria-current]');
    if (!entry) return;
    const below = entry.offsetTop + entry.offsetHeight + 16 - panel.clientHeight;
    if (below > panel.scrollTop) panel.scrollTop = below;
  }

  function toCurrent(strip) {
    const current = strip.querySelector('[aria-current]');
    if (current) strip.scrollLeft = current.offsetLeft - strip.offsetLeft - (strip.clientWidth - current.clientWidth) / 2;
  }
  // Words are as wide as their font has them: once it is there, the strips go to their places again.
  document.fonts.ready.then(() => document.querySelectorAll('[data-scroll]').forEach(toCurrent));

  function settle(root) {
    root.querySelectorAll(DATES).forEach(readDate);
    root.querySelectorAll('[data-file]').forEach(nameFile);
    root.querySelectorAll('[data-rate]').forEach(drawRate);
    root.querySelectorAll('[data-scroll]').forEach(toCurrent);
    root.querySelectorAll('[data-toast]').forEach((toast) => setTimeout(() => toast.remove(), 5000));
  }
  // A sent draft is done with once a page says that it was saved.
  if (document.querySelector('[data-toast]')) {
    Object.keys(sessionStorage).filter((key) => key.startsWith('sent:')).forEach((key) => {
      sessionStorage.removeItem(key);
      sessionStorage.removeItem(key.slice('sent:'.length));
    });
  }

  settle(document);
  showEntry();
  all('form[data-keep]').forEach(recall);
  all('dialog[data-open]').forEach(ask);
  document.addEventListener('htmx:afterSwap', (event) => {
    settle(event.target);
    ask(event.target.closest('dialog'));
  });
})();
