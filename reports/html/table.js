// A table that sorts by any column. Rows answer to pointer and keyboard as the charts do.

// column: { header, value(row) -> number or text, text(value, row), bar: fraction(row) or none }.
function sortableTable(caption, columns, rows, total, events) {
  const body = el('tbody', {});
  const cells = (row) => columns.map((column, i) => {
    const value = column.value(row);
    const isText = typeof value !== 'number';
    const cell =
        el(i === 0 ? 'th' : 'td', {
          scope: i === 0 ? 'row' : undefined,
          title: i === 0 ? String(value) : undefined,
          class: [i === 0 ? 'first' : '', isText ? 'text' : '', column.bar ? 'bar' : '']
                     .filter(Boolean)
                     .join(' ') ||
              undefined,
        },
           column.text ? column.text(value, row) :
               isText  ? value :
                         exact(value));
    if (column.bar) {
      cell.style.setProperty('--share', percent(column.bar(row)).replace(' ', ''));
      cell.style.setProperty('--bar', kPalette[column.colour || 0]);
    }
    return cell;
  });
  const lines = rows.map((row, i) => {
    const line = el('tr', {tabindex: i === 0 ? 0 : -1, 'data-row': i}, cells(row));
    if (events) rowEvents(line, i, body, events);
    return line;
  });
  body.append(...lines);
  const heads = columns.map((column, i) => {
    const isText = rows.length > 0 && typeof column.value(rows[0]) !== 'number';
    const head = el('th', {
      scope: 'col',
      class: [i === 0 ? 'first' : '', isText ? 'text' : ''].filter(Boolean).join(' ') || undefined
    });
    head.append(
        el('button', {
          type: 'button',
          title: column.title || 'Sort by ' + column.header,
          onclick: () => sortBy(i)
        },
           column.header));
    return head;
  });
  function sortBy(index) {
    const now = heads[index].getAttribute('aria-sort');
    // Figures begin with the largest, names with A; a third click brings back the order of
    // execution.
    const isText = rows.length > 0 && typeof columns[index].value(rows[0]) !== 'number';
    const order = isText ? ['ascending', 'descending', null] : ['descending', 'ascending', null];
    const next = order[(order.indexOf(now) + 1) % 3];
    for (const head of heads) head.removeAttribute('aria-sort');
    if (next) heads[index].setAttribute('aria-sort', next);
    const key = (line) => columns[index].value(rows[Number(line.dataset.row)]);
    const sign = next === 'descending' ? -1 : 1;
    const sorted = next === null ? lines : [...lines].sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      return sign *
          (typeof x === 'number' && typeof y === 'number' ?
               x - y :
               String(x).localeCompare(String(y), 'en', {numeric: true}));
    });
    body.append(...sorted);
  }
  const foot = total ?
      el('tfoot', {}, el('tr', {}, columns.map((column, i) => {
           const value = column.total === undefined ? column.value(total) : column.total;
           const text = value === ''     ? '' :
               column.text               ? column.text(value, total) :
               typeof value === 'number' ? exact(value) :
                                           value;
           const side = i === 0 ? 'first text' : typeof value === 'number' ? undefined : 'text';
           return el(
               i === 0 ? 'th' : 'td', {scope: i === 0 ? 'row' : undefined, class: side}, text);
         }))) :
      null;
  const table =
      el('table', {}, el('caption', {class: 'hidden'}, caption),
         el('thead', {}, el('tr', {}, heads)), body, foot);
  return {
    lines,
    view:
        el('div', {class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': caption}, table)
  };
}

// Pointer and arrow keys choose a row's layer.
function rowEvents(line, index, body, events) {
  line.addEventListener('pointerenter', () => events.hover(index));
  line.addEventListener('pointerleave', () => events.hover(null));
  line.addEventListener('focus', () => events.hover(index));
  line.addEventListener('blur', () => events.hover(null));
  line.addEventListener('click', () => events.pin(index));
  line.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') events.pin(index);
    const step = {ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling'}[event.key];
    const next = step && line[step];
    if (!next) return;
    event.preventDefault();
    for (const other of body.children) other.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

// The rows of layers: marked where a layer is looked at.
function markRows(lines) {
  let marked = null;
  select.listeners.push((layer) => {
    if (marked !== null) lines[marked].classList.remove('mark');
    if (layer !== null) lines[layer].classList.add('mark');
    marked = layer;
    lines.forEach((line, i) => line.classList.toggle('pinned', i === select.pinned));
  });
}
