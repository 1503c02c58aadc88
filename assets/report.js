// The report's only script: filter, sorting, and timelines that open in their row. Without it everything is still there.
(() => {
  const OPEN_AT_ONCE = 50;
  const root = document.documentElement;
  const table = document.getElementById('calls-table');
  const form = document.getElementById('filter');
  if (!table || !form) return;
  const rows = [...table.tBodies];
  const texts = JSON.parse(document.getElementById('report-data').textContent).texts;
  const input = document.getElementById('filter-text');
  const output = document.getElementById('filter-count');
  const chips = [...form.querySelectorAll('[data-chip]')];
  root.classList.add('js');
  form.hidden = false;

  const detailsOf = (row) => row.querySelector(':scope > .opens details');
  const linkOf = (row) => row.querySelector('a.open');

  function filter() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Map();
    for (const chip of chips) {
      if (chip.getAttribute('aria-pressed') !== 'true') continue;
      const { chip: by, value } = chip.dataset;
      wanted.set(by, (wanted.get(by) ?? new Set()).add(value));
    }
    let shown = 0;
    for (const row of rows) {
      const text = texts[Number(row.dataset.call)] ?? '';
      const fits = [...wanted].every(([by, values]) => values.has(row.dataset[by]));
      row.hidden = !(fits && words.every((word) => text.includes(word)));
      if (!row.hidden) shown++;
    }
    output.textContent =
      shown === rows.length ? `All ${rows.length} calls shown` : `${shown} of ${rows.length} calls shown`;
  }

  function clear() {
    input.value = '';
    for (const chip of chips) chip.setAttribute('aria-pressed', 'false');
    filter();
  }

  form.addEventListener('submit', (event) => event.preventDefault());
  input.addEventListener('input', filter);
  for (const chip of chips) {
    chip.addEventListener('click', () => {
      chip.setAttribute('aria-pressed', String(chip.getAttribute('aria-pressed') !== 'true'));
      filter();
    });
  }
  document.getElementById('filter-clear').addEventListener('click', clear);

  // Sorting: numbers as numbers, what is empty last.
  const byNumber = new Set(['order', 'turn', 's', 'words', 'points']);
  for (const head of table.querySelectorAll('thead th')) {
    const by = head.dataset.by;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.querySelector('.th').replaceChildren(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of table.querySelectorAll('[aria-sort]')) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const sign = down ? -1 : 1;
      const order = (row) => Number(row.dataset.order);
      rows.sort((a, b) => {
        const [x, y] = [a.dataset[by], b.dataset[by]];
        if ((x === '') !== (y === '')) return x === '' ? 1 : -1;
        const difference = byNumber.has(by) ? Number(x) - Number(y) : x.localeCompare(y, 'en');
        return difference * sign || order(a) - order(b);
      });
      table.append(...rows);
    });
  }

  // Timelines: the link of a row opens and closes its own.
  function mark(row) {
    const { open } = detailsOf(row);
    row.classList.toggle('is-open', open);
    linkOf(row).setAttribute('aria-expanded', String(open));
  }

  function show(row) {
    if (row.hidden) clear();
    detailsOf(row).open = true;
    const call = row.querySelector('.call');
    call.scrollIntoView({ block: 'start' });
    call.focus({ preventScroll: true });
  }

  const withTimeline = rows.filter(detailsOf);
  for (const row of withTimeline) {
    const link = linkOf(row);
    const call = row.querySelector('.call');
    link.setAttribute('role', 'button');
    link.setAttribute('aria-controls', call.id);
    const toggle = () => {
      const details = detailsOf(row);
      details.open = !details.open;
      if (details.open) history.replaceState(null, '', link.getAttribute('href'));
    };
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      toggle();
    });
    link.addEventListener('keydown', (event) => {
      if (event.key !== ' ') return;
      event.preventDefault();
      toggle();
    });
    detailsOf(row).addEventListener('toggle', () => mark(row));
    mark(row);
  }
  document.getElementById('open-shown').addEventListener('click', () => {
    const shown = withTimeline.filter((row) => !row.hidden);
    for (const row of shown.slice(0, OPEN_AT_ONCE)) detailsOf(row).open = true;
    if (shown.length > OPEN_AT_ONCE) output.textContent = `The first ${OPEN_AT_ONCE} of ${shown.length} are open`;
  });
  document.getElementById('close-all').addEventListener('click', () => {
    for (const row of withTimeline) detailsOf(row).open = false;
  });

  // Links to a call, from this page or another.
  function follow() {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // As it stands, then.
    }
    const row = id.startsWith('call-') && withTimeline.find((one) => one.querySelector('.call').id === id);
    if (row) show(row);
  }
  window.addEventListener('hashchange', follow);
  for (const link of document.querySelectorAll('main a[href^="#call-"]:not(.open)')) {
    link.addEventListener('click', () => {
      // The hash may be there already: then nothing would change.
      if (link.getAttribute('href') === location.hash) follow();
    });
  }
  filter();
  follow();
})();
