// A sale's form: one more row of articles.
document.addEventListener('click', (event) => {
  if (!event.target.closest('[data-add-line]')) return;
  const rows = document.querySelector('[data-lines]');
  const row = rows.lastElementChild.cloneNode(true);
  row.querySelectorAll('input').forEach((input) => { input.value = ''; });
  rows.append(row);
  row.querySelector('input').focus();
});
