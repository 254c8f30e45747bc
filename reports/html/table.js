// A table that sorts by any column. Rows answer to pointer and keyboard as the charts do.

// column: { header, value(row) -> number or text, text(value, row), bar: fraction(row) or none }.
// The first column names its row.

function columnText(column, value, row) {
  if (column.text) return column.text(value, row);
  return typeof value === 'number' ? exact(value) : value;
}

function classes(...names) {
  return names.filter(Boolean).join(' ') || undefined;
}

function bodyCell(column, i, row) {
  const value = column.value(row);
  const cell =
      el(i === 0 ? 'th' : 'td', {
        scope: i === 0 ? 'row' : undefined,
        title: i === 0 ? String(value) : undefined,
        class:
            classes(i === 0 && 'first', typeof value !== 'number' && 'text', column.bar && 'bar'),
      },
         columnText(column, value, row));
  if (column.bar) {
    cell.style.setProperty('--share', percent(column.bar(row)).replace(' ', ''));
    cell.style.setProperty('--bar', kPalette[column.colour || 0]);
  }
  return cell;
}

function headCell(column, i, isText, sort) {
  return el(
      'th', {scope: 'col', class: classes(i === 0 && 'first', isText && 'text')},
      el('button',
         {type: 'button', title: column.title || 'Sort by ' + column.header, onclick: sort},
         column.header));
}

function footCell(column, i, total) {
  const value = column.total === undefined ? column.value(total) : column.total;
  return el(
      i === 0 ? 'th' : 'td', {
        scope: i === 0 ? 'row' : undefined,
        class: classes(i === 0 && 'first', typeof value !== 'number' && 'text')
      },
      value === '' ? '' : columnText(column, value, total));
}

// Puts the lines in the order of a column. Figures begin with the largest, names with A; the third
// time brings back the order of execution.
function sortLines(body, lines, heads, index, isText, value) {
  const order = isText ? ['ascending', 'descending', null] : ['descending', 'ascending', null];
  const next = order[(order.indexOf(heads[index].getAttribute('aria-sort')) + 1) % 3];
  for (const head of heads) head.removeAttribute('aria-sort');
  if (next) heads[index].setAttribute('aria-sort', next);
  const compare = (x, y) => isText ? x.localeCompare(y, 'en', {numeric: true}) : x - y;
  const sign = next === 'descending' ? -1 : 1;
  const sorted = [...lines];
  if (next) sorted.sort((a, b) => sign * compare(value(a), value(b)));
  body.append(...sorted);
}

function sortableTable(caption, columns, rows, total, events) {
  const body = el('tbody', {});
  const lines = rows.map((row, i) => {
    const line =
        el('tr', {tabindex: i === 0 ? 0 : -1, 'data-row': i},
           columns.map((column, c) => bodyCell(column, c, row)));
    rowEvents(line, i, body, events);
    return line;
  });
  body.append(...lines);
  const heads = columns.map((column, i) => {
    const isText = rows.length > 0 && typeof column.value(rows[0]) !== 'number';
    const value = (line) => column.value(rows[Number(line.dataset.row)]);
    return headCell(column, i, isText, () => sortLines(body, lines, heads, i, isText, value));
  });
  const table = el(
      'table', {}, el('caption', {class: 'hidden'}, caption), el('thead', {}, el('tr', {}, heads)),
      body, el('tfoot', {}, el('tr', {}, columns.map((column, i) => footCell(column, i, total)))));
  const frame = {class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': caption};
  return {lines, view: el('div', frame, table)};
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

// The card of a table of layers, whose rows select them.
function layerTable(parent, spec) {
  const table = sortableTable(
      spec.caption, spec.columns, spec.rows, spec.total,
      {hover: (i) => select.hover(i), pin: (i) => select.pin(i)});
  markRows(table.lines);
  parent.append(
      el('section', {class: 'card table', 'aria-label': 'Layers'},
         el('div', {class: 'head'},
            el('div', {}, el('h2', {}, 'Layers'), el('span', {class: 'of'}, spec.remark))),
         table.view));
}
