// Points as lists: the front, the best as cards, the chosen ones as a table; and what was swept.
const kMostLines = 200;

function headersOf(data) {
  return ['point', ...data.axes.map((axis) => axis.label), ...data.figures.map((f) => f.label)];
}
function cellsOf(data, row) {
  return [
    data.numbers[row], ...data.axes.map((axis) => axis.text(row)),
    ...data.figures.map((figure) => figure.text(row))
  ];
}

// The table behind the scatter.
function frontTable(data) {
  return {
    headers: headersOf(data),
    rows: () => data.front.slice(0, kMostLines).map((row) => cellsOf(data, row)),
  };
}

// Metrics that engines may differ in; the others are counted.
const TIMED = ['latency', 'energy', 'edp'];

// A metric of a point; below it what the simulation measured, and how far from the engine's that
// is.
function goalFacts(data, goal, row, simulated) {
  const facts = [[goal.label, goal.text(row)]];
  if (!simulated || !TIMED.includes(goal.key)) return facts;
  const figure = simulated[data.metrics.indexOf(goal)];
  const off = (100 * (figure / goal.values[row] - 1)).toFixed(2);
  const sign = off > 0 ? '+' : '';
  return [
    ...facts, ['simulated', `${figureText(figure)} (${sign}${Number(off) === 0 ? 0 : off} %)`]
  ];
}

function bestCards(parent, data, filter) {
  const cards = data.best.map(({point, report, simulated}, i) => {
    const row = data.rowOf.get(point);
    const facts = [
      ...data.goals.flatMap((goal) => goalFacts(data, goal, row, simulated)),
      ...data.axes.map((axis) => [axis.label, axis.text(row)]),
    ];
    const card =
        el('li', {class: 'design', tabindex: 0, 'data-row': row},
           el('h3', {}, `${i + 1}. Point ${point}`),
           el('dl', {}, facts.map(([name, text]) => [el('dt', {}, name), el('dd', {}, text)])),
           report && el('a', {href: report}, 'Report of its run'));
    card.addEventListener('pointerenter', () => select.hover(row));
    card.addEventListener('pointerleave', () => select.hover(null));
    card.addEventListener('focus', () => select.hover(row));
    card.addEventListener('blur', () => select.hover(null));
    return card;
  });
  filter.listeners.push(() => {
    for (const card of cards) card.classList.toggle('outside', !filter.chosen[card.dataset.row]);
  });
  parent.append(
      el('section', {class: 'card', 'aria-label': 'Best configurations'},
         el('div', {class: 'head'},
            el('div', {}, el('h2', {}, 'Best configurations'),
               el('span', {class: 'of'}, 'lowest ' + data.goals[0].label))),
         el('ol', {class: 'designs'}, cards)));
}

// The chosen rows that come first by a dimension.
function firstRows(data, filter, {values}, falling) {
  const rows = [];
  for (let row = 0; row < data.count; row += 1) {
    if (filter.chosen[row]) rows.push(row);
  }
  const sign = falling ? -1 : 1;
  return rows.sort((a, b) => sign * (values[a] - values[b]) || a - b).slice(0, kMostLines);
}

// A line of the table of points.
function pointLine(columns, row, body, focusable) {
  const cell = (column, i) =>
      el(i === 0 ? 'th' : 'td', {
        scope: i === 0 ? 'row' : undefined,
        class: classes(i === 0 && 'first', !column.number && 'text')
      },
         column.text(row));
  const line = el('tr', {tabindex: focusable ? 0 : -1, 'data-row': row}, columns.map(cell));
  rowEvents(line, row, body, {hover: (r) => select.hover(r), pin: (r) => select.pin(r)});
  return line;
}

// The rows of the page's points that are looked at or kept.
function markPoints(body) {
  select.listeners.push((row) => {
    for (const line of body.children) {
      line.classList.toggle('mark', row === Number(line.dataset.row));
      line.classList.toggle('pinned', select.pinned === Number(line.dataset.row));
    }
  });
}

function pointTable(parent, data, filter) {
  const point = {
    label: 'point',
    values: data.numbers,
    text: (row) => String(data.numbers[row]),
    number: true
  };
  const columns = [point, ...data.axes, ...data.figures];
  const body = el('tbody', {}), of = el('span', {class: 'of'});
  let by = data.goals[0], falling = false;
  const heads =
      columns.map((column, i) => headCell({header: column.label}, i, !column.number, () => {
                    falling = by === column && !falling;
                    by = column;
                    fill();
                  }));
  const fill = () => {
    heads.forEach((head, i) => {
      head.removeAttribute('aria-sort');
      if (columns[i] === by) head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
    });
    const rows = firstRows(data, filter, by, falling);
    body.replaceChildren(...rows.map((row, i) => pointLine(columns, row, body, i === 0)));
    of.textContent = `${rows.length} of ${whole.format(filter.count)} chosen`;
  };
  filter.listeners.push(fill);
  markPoints(body);
  const caption = 'Points that are chosen';
  parent.append(
      el('section', {class: 'card table', 'aria-label': 'Points'},
         el('div', {class: 'head'}, el('div', {}, el('h2', {}, 'Points'), of)),
         el('div', {class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': caption},
            el('table', {}, el('caption', {class: 'hidden'}, caption),
               el('thead', {}, el('tr', {}, heads)), body))));
  fill();
}

// What was swept, and why points failed.
function specificationCard(parent, data) {
  const pairs = (title, rows) => rows.length > 0 &&
      el('section', {}, el('h3', {}, title),
         el('dl', {}, rows.map(([name, text]) => [el('dt', {}, name), el('dd', {}, text)])));
  const what = [
    ['points', whole.format(data.points)], ['done', whole.format(data.done)],
    ['failed', whole.format(data.failed)], ['engine', data.engine], ['energy in', data.energy_unit],
    ['front', data.goals.map((goal) => goal.label).join(', ')]
  ];
  const axes = data.axes.map(
      (axis) =>
          [axis.keys.join('; ') === axis.label ? axis.label :
                                                 `${axis.label}: ${axis.keys.join('; ')}`,
           axis.marks.join(', ')]);
  const failures = data.failures.map(({points, reason}) => [reason, whole.format(points)]);
  parent.append(
      el('section', {class: 'card half settings-card', 'aria-label': 'Specification'},
         el('div', {class: 'head'}, el('h2', {}, 'Specification')),
         data.summary && el('p', {}, data.summary),
         el('div', {class: 'settings'}, pairs('sweep', what), pairs('axes', axes),
            pairs('failures', failures))));
}
