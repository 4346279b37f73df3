// What is typed into a record's form is kept in this window until it is saved or the person logs out: an expired
// session, a reload or a slip of the finger loses nothing. Files and passwords are never kept.
(() => {
  'use strict';
  const form = document.querySelector('form[data-draft]');
  if (!form) return;
  const key = `draft:${location.pathname}${location.search}:${form.elements.row_version?.value || ''}`;
  const sign = form.querySelector('[data-draft-sign]');
  const never = ['hidden', 'file', 'password', 'submit', 'button'];
  const fields = () => [...form.elements].filter((field) => field.name && !never.includes(field.type));
  const ticked = (field) => ['radio', 'checkbox'].includes(field.type);
  const stateOf = (field) => (ticked(field) ? field.checked : field.value);
  const before = JSON.stringify(fields().map(stateOf));

  function say(words, found) {
    sign.querySelector('span').textContent = words;
    sign.querySelector('[data-draft-drop]').hidden = !found;
    sign.hidden = false;
  }

  function keep() {
    const kept = fields().map((field) => [field.name, stateOf(field), field.selectedOptions?.[0]?.text || '']);
    const at = new Date().toLocaleTimeString('sv', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Shanghai' });
    sessionStorage.setItem(key, JSON.stringify({ at, kept }));
    say(sign.dataset.kept.replace('{}', at), false);
  }

  function put(field, value, text) {
    if (ticked(field)) {
      field.checked = value;
      return;
    }
    if (field.matches('select') && value && ![...field.options].some((one) => one.value === value)) {
      field.add(new Option(text, value));
    }
    field.value = value;
    if (field.tomselect) field.tomselect.sync();
  }

  function recall() {
    const found = JSON.parse(sessionStorage.getItem(key) || 'null');
    if (!found || 'answered' in form.dataset) return;
    const byName = new Map();
    found.kept.forEach((one) => byName.set(one[0], [...(byName.get(one[0]) || []), one]));
    const more = form.querySelector('[data-add-line]');
    for (const [name, group] of byName) {
      for (let n = fields().filter((one) => one.name === name).length; more && n < group.length && name.startsWith('lines-'); n += 1) more.click();
      fields().filter((one) => one.name === name).forEach((field, at) => { if (group[at]) put(field, group[at][1], group[at][2]); });
    }
    if (JSON.stringify(fields().map(stateOf)) === before) return;
    say(sign.dataset.found.replace('{}', found.at), true);
    form.dispatchEvent(new Event('change', { bubbles: true }));
  }

  function drop() {
    sessionStorage.removeItem(key);
    sessionStorage.removeItem(`sent:${key}`);
  }

  form.addEventListener('input', keep);
  form.addEventListener('change', (event) => { if (event.target !== form) keep(); });
  form.addEventListener('submit', () => sessionStorage.setItem(`sent:${key}`, 'yes'));
  form.querySelector('[data-draft-leave]').addEventListener('click', drop);
  sign.querySelector('[data-draft-drop]').addEventListener('click', () => {
    drop();
    location.reload();
  });
  sessionStorage.removeItem(`sent:${key}`);
  // Once every script of the page is there: rows of articles are added by theirs.
  document.addEventListener('DOMContentLoaded', recall);
})();
