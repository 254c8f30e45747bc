// A card with a canvas that is drawn by hand, in the screen's own pixels.

// spec: id, title, size, height, least (width, below which it scrolls), note, label, controls and
// below: elements, table {headers, rows}.
// draw(context, width, height, ratio) is called once a frame at most, as are calls of redraw().
function canvasCard(parent, spec, draw) {
  const canvas = el('canvas', {id: spec.id, tabindex: 0, role: 'img', 'aria-label': spec.label});
  const plot = el('div', {class: 'plot'}, canvas);
  plot.style.height = spec.height + 'px';
  plot.style.minWidth = (spec.least || 0) + 'px';
  const of = el('span', {class: 'of'});
  const save = el('button', {type: 'button', 'aria-label': 'Save as PNG: ' + spec.title}, 'PNG');
  save.addEventListener(
      'click', () => savePicture(spec.id, {toBase64Image: () => canvas.toDataURL()}));
  const head =
      el('div', {class: 'head'}, el('div', {}, el('h2', {}, spec.title), of),
         el('span', {class: 'actions'}, spec.actions, save));
  parent.append(
      el('section', {class: 'card ' + (spec.size || ''), 'aria-label': spec.title}, head,
         spec.note && el('p', {}, spec.note), spec.controls, el('div', {class: 'across'}, plot),
         spec.below, spec.table && dataTable(spec.title, spec.table.headers, spec.table.rows)));
  const made = {
    canvas,
    of,
    width: 0,
    height: spec.height,
    redraw: onceAFrame(() => paint(made, plot, draw))
  };
  new ResizeObserver(made.redraw).observe(plot);
  themeListeners.push(made.redraw);
  window.addEventListener('beforeprint', () => paint(made, plot, draw));
  return made;
}

function paint(made, plot, draw) {
  const {canvas, height} = made;
  const ratio = window.devicePixelRatio || 1;
  const width = Math.floor(plot.getBoundingClientRect().width);
  if (width <= 0) return;
  made.width = width;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = width + 'px';
    canvas.style.height = height + 'px';
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  draw(context, width, height, ratio);
}

// A drop-down list of dimensions.
function chooser(label, dimensions, chosen, change) {
  const list =
      el('select', {'aria-label': label},
         dimensions.map(
             (dimension, i) =>
                 el('option', {value: i, selected: dimension === chosen}, dimension.label)));
  list.addEventListener('change', () => change(dimensions[list.value]));
  return el('label', {class: 'choose'}, label + ' ', list);
}

// Where a pointer is in a canvas.
function pointIn(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return {x: event.clientX - box.left, y: event.clientY - box.top};
}
