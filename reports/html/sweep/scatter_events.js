// The scatter's card: which figures, which colour; pointing, drawing a box, arrow keys.

// The chosen row nearest to a place, if one is near.
function nearestRow(state, {x, y}) {
  const {places, filter: {chosen}, ratio} = state;
  let nearest = null, least = (12 * ratio) ** 2;
  for (let row = 0; row < chosen.length; row += 1) {
    const far = (places.x[row] - x * ratio) ** 2 + (places.y[row] - y * ratio) ** 2;
    if (chosen[row] && far < least) {
      least = far;
      nearest = row;
    }
  }
  return nearest;
}

// Lists to choose the figures and the colour from.
function scatterControls(state, refresh) {
  const {data, colours} = state;
  const figures = data.figures.filter((figure) => varies(figure) || data.goals.includes(figure));
  const turn = (name) => (dimension) => {
    state[name] = dimension;
    state.box = null;
    refresh();
  };
  return el(
      'div', {class: 'controls'}, chooser('Across', figures, state.x, turn('x')),
      chooser('Up', figures, state.y, turn('y')),
      chooser(
          'Colour', [...data.axes.filter(varies), ...figures], colours.dimension,
          (dimension) => colours.set(dimension)));
}

function scatterSpec(state, refresh) {
  return {
    id: 'scatter',
    title: 'Pareto scatter',
    height: 420,
    note: 'Drag to choose the points inside a box, click to clear it. Rings are the front; the ' +
        'line is its limit where both figures are among those that it weighs.',
    label: 'Scatter of two figures of the points. Arrow keys step along the Pareto front.',
    controls: scatterControls(state, refresh),
    below: colourKey(state.colours),
    table: frontTable(state.data),
  };
}

function scatterCard(parent, data, filter, colours) {
  const [x, y] = data.goals;
  const places = {x: new Float32Array(data.count), y: new Float32Array(data.count)};
  const state = {data, filter, colours, x, y, places, stale: true};
  const refresh = () => {
    state.stale = true;
    made.redraw();
  };
  const made =
      canvasCard(parent, scatterSpec(state, refresh), (...place) => drawScatter(state, ...place));
  filter.listeners.push(() => {
    if (!filter.ranges.has(state.x) && !filter.ranges.has(state.y)) state.box = null;
    refresh();
  });
  colours.listeners.push(refresh);
  themeListeners.push(() => state.stale = true);
  select.listeners.push(made.redraw);
  made.of.textContent = `${whole.format(data.front_points)} of ${
      whole.format(data.done)} points on the front of ${data.goals.map((g) => g.label).join(', ')}`;
  scatterPointer(state, made);
  scatterKeys(state, made.canvas);
  return Object.assign(state, {canvas: made.canvas});
}

function tipAt(state, canvas, row) {
  const box = canvas.getBoundingClientRect();
  tip.show(
      box.left + state.places.x[row] / state.ratio, box.top + state.places.y[row] / state.ratio,
      headingOf(state.data, row), factsOf(state.data, row));
}

// The end of a drag chooses what is in the box; that of a click keeps the point that it hits, or
// takes the box away.
function endOfDrag(state, from, to) {
  const {filter, x, y, xScale, yScale} = state;
  const row = nearestRow(state, to);
  if (isDrag(from, to)) {
    filter.set(x, [xScale.value(from.x), xScale.value(to.x)]);
    filter.set(y, [yScale.value(from.y), yScale.value(to.y)]);
  } else if (row !== null) {
    select.pin(row);
  } else {
    filter.set(x, null);
    filter.set(y, null);
  }
}
function isDrag(from, to) {
  return Math.hypot(to.x - from.x, to.y - from.y) > 4;
}

function scatterPointer(state, {canvas, redraw}) {
  let from = null;
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    from = pointIn(canvas, event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    const at = pointIn(canvas, event);
    if (from && isDrag(from, at)) {
      tip.hide();
      state.box = {x0: from.x, y0: from.y, x1: at.x, y1: at.y};
      redraw();
    } else if (!from) {
      const row = nearestRow(state, at);
      select.hover(row);
      if (row === null) return tip.hide();
      tipAt(state, canvas, row);
    }
  });
  canvas.addEventListener('pointerup', (event) => {
    if (from) endOfDrag(state, from, pointIn(canvas, event));
    from = null;
  });
  canvas.addEventListener('pointercancel', () => from = null);
  const leave = () => {
    tip.hide();
    select.hover(null);
  };
  canvas.addEventListener('pointerleave', leave);
  canvas.addEventListener('blur', leave);
}

function scatterKeys(state, canvas) {
  const {data} = state;
  canvas.addEventListener('keydown', (event) => {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    if (event.key === 'Enter' && select.layer !== null) select.pin(select.layer);
    if (!step || data.front.length === 0) return;
    event.preventDefault();
    const rows = [...data.front].sort((a, b) => state.x.values[a] - state.x.values[b]);
    const now = rows.indexOf(select.layer);
    const next =
        now < 0 ? (step > 0 ? 0 : rows.length - 1) : (now + step + rows.length) % rows.length;
    select.hover(rows[next]);
    tipAt(state, canvas, rows[next]);
    speaker.say([
      headingOf(data, rows[next]), ...factsOf(data, rows[next]).map((f) => f.join(' '))
    ].join('; '));
  });
}
