// A card: heading, legend, one Chart.js chart, the table behind it. Charts answer to the pointer
// and to the arrow keys.

const charts = {};  // by id, for whoever looks at the page from outside

// Axis in the page's colours.
function axis(more) {
  return {
    grid: {color: () => ink.grid, borderColor: () => ink.line, tickColor: () => ink.grid},
    ...more,
    title: {
      color: () => ink.soft,
      font: {size: 12},
      display: Boolean(more.title && more.title.text),
      ...more.title
    },
    ticks: {color: () => ink.soft, font: {size: 11}, ...more.ticks},
  };
}

// Buttons that show and hide the data sets of a chart, a swatch each in their order.
function legendOf(chart, swatches) {
  return el('ul', {class: 'legend'}, swatches.map(({name, draw, shown = true}, set) => {
    const swatch = el('canvas', {width: 28, height: 20, 'aria-hidden': 'true'});
    swatch.style.width = '14px';
    swatch.style.height = '10px';
    const redraw = () => {
      const context = swatch.getContext('2d');
      context.clearRect(0, 0, 28, 20);
      draw(context);
    };
    redraw();
    themeListeners.push(redraw);
    const button = el('button', {type: 'button', 'aria-pressed': String(shown)}, swatch, name);
    chart.setDatasetVisibility(set, shown);
    button.addEventListener('click', () => {
      const show = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(show));
      chart.setDatasetVisibility(set, show);
      chart.update('none');
    });
    return el('li', {}, button);
  }));
}

// The table behind a chart, made when it is opened. `rows` is a function: figures may change.
function dataTable(caption, headers, rows) {
  const details = el('details', {class: 'data'}, el('summary', {}, 'Data table'));
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    const cell = (tag, text, i) => el(
        tag, {class: i === 0 ? 'text first' : undefined, scope: tag === 'th' ? 'row' : undefined},
        text);
    const table = el(
        'table', {}, el('caption', {class: 'hidden'}, caption),
        el('thead', {},
           el('tr', {},
              headers.map(
                  (h, i) =>
                      el('th', {scope: 'col', class: i === 0 ? 'text first' : undefined}, h)))),
        el('tbody', {},
           rows().map(
               (row) => el('tr', {}, row.map((text, i) => cell(i === 0 ? 'th' : 'td', text, i))))));
    details.querySelector('.scroll')?.remove();
    details.append(
        el('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption}, table));
  });
  return details;
}

function savePicture(id, chart) {
  const link = el('a', {href: chart.toBase64Image(), download: id + '.png'});
  link.click();
}

// Puts a card on the page and a chart on it.
// spec: id, title, size ('', 'half', ...), note, height (px), config (of Chart.js), legend(chart)
// or none,
//   table {headers, rows}, layers: the layers that arrow keys visit, at(chart, event) -> layer or
//   null, place(chart, layer) -> {x, y} in the chart, heading(layer), figures(layer) -> rows of the
//   tip.
function chartCard(spec) {
  const canvas = el('canvas', {id: spec.id, tabindex: 0, role: 'img', 'aria-label': spec.label});
  const plot = el('div', {class: 'plot'}, canvas);
  plot.style.height = spec.height + 'px';
  const of = el('span', {class: 'of'});
  const save = el('button', {type: 'button', 'aria-label': 'Save as PNG: ' + spec.title}, 'PNG');
  const head =
      el('div', {class: 'head'}, el('div', {}, el('h2', {}, spec.title), of),
         el('span', {class: 'actions'}, save));
  const card = el('section', {class: 'card ' + (spec.size || ''), 'aria-label': spec.title}, head);
  if (spec.note) card.append(el('p', {}, spec.note));
  spec.parent.append(card);
  card.append(plot);
  const config = spec.config;
  config.options = {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    normalized: true,
    layout: {padding: {right: 14, top: 6}},
    ...config.options,
    plugins: {legend: {display: false}, tooltip: {enabled: false}},
  };
  const chart = new Chart(canvas, config);
  charts[spec.id] = chart;
  save.addEventListener('click', () => savePicture(spec.id, chart));
  if (spec.legend) {
    plot.before(legendOf(chart, spec.legend(chart)));
    chart.update('none');
  }
  if (spec.extra) card.append(...spec.extra);
  card.append(dataTable(spec.title, spec.table.headers, spec.table.rows));
  themeListeners.push(() => chart.update('none'));
  window.addEventListener('beforeprint', () => chart.resize());
  window.addEventListener('afterprint', () => chart.resize());
  if (spec.layers) {
    followPointer(spec, chart, canvas);
    select.listeners.push(() => chart.draw());
  }
  return {chart, plot, of};
}

function showTip(spec, chart, layer, point) {
  const box = chart.canvas.getBoundingClientRect();
  tip.show(box.left + point.x, box.top + point.y, spec.heading(layer), spec.figures(layer));
}

// Pointer and arrow keys choose a layer.
function followPointer(spec, chart, canvas) {
  canvas.addEventListener('pointermove', (event) => {
    const layer = spec.at(chart, event);
    select.hover(layer);
    if (layer === null) return tip.hide();
    const box = canvas.getBoundingClientRect();
    showTip(spec, chart, layer, {x: event.clientX - box.left, y: event.clientY - box.top});
  });
  const leave = () => {
    tip.hide();
    select.hover(null);
  };
  canvas.addEventListener('pointerleave', leave);
  canvas.addEventListener('blur', leave);
  canvas.addEventListener('click', (event) => {
    const layer = spec.at(chart, event);
    if (layer !== null) select.pin(layer);
  });
  canvas.addEventListener('keydown', (event) => {
    const steps = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1};
    if (event.key === 'Enter' && select.layer !== null) select.pin(select.layer);
    if (!(event.key in steps) || spec.layers.length === 0) return;
    event.preventDefault();
    const now = spec.layers.indexOf(select.layer);
    const count = spec.layers.length;
    const next =
        now < 0 ? (steps[event.key] > 0 ? 0 : count - 1) : (now + steps[event.key] + count) % count;
    const layer = spec.layers[next];
    select.hover(layer);
    const point = spec.place(chart, layer);
    if (point) showTip(spec, chart, layer, point);
    speaker.say(
        [spec.heading(layer), ...spec.figures(layer).map((row) => row.join(' '))].join('; '));
  });
}
