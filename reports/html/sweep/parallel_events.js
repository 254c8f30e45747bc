// The card of parallel coordinates: ranges on its lines, with the pointer or the keyboard.

// What has a line: axes, figures that the front weighs, utilisation; those that differ.
function parallelDimensions(data) {
  const utilization = data.figures.filter((figure) => figure.key === 'utilization');
  return [...data.axes, ...data.goals, ...utilization].filter(varies);
}

const kParallelSpec = {
  id: 'parallel',
  title: 'Parallel coordinates',
  height: 380,
  note: 'Drag along a line to choose a range of it, click to clear it. Points that share a ' +
      'stroke are drawn once, in the colour of the best; dashed lines are the front.',
  label: 'Settings and figures of the points, a line each. Arrow keys left and right choose a ' +
      'line, up and down a range on it, with Shift they widen it; Delete clears it.',
};

function parallelCard(parent, data, filter, colours) {
  const lines = parallelDimensions(data).map((dimension) => binned(dimension, data.count));
  if (lines.length < 2) return null;
  const everyone = new Uint8Array(data.count).fill(1);
  const all = allStrokes(lines, everyone, data.goals[0].values);
  const state = {data, filter, colours, lines, all, stale: true, focus: null};
  const made = canvasCard(
      parent, {...kParallelSpec, least: 75 * lines.length},
      (...place) => drawParallel(state, ...place));
  state.refresh = () => {
    state.stale = true;
    made.redraw();
  };
  filter.listeners.push(state.refresh);
  colours.listeners.push(state.refresh);
  themeListeners.push(() => state.stale = true);
  select.listeners.push(made.redraw);
  parallelPointer(state, made.canvas);
  parallelKeys(state, made.canvas);
  return Object.assign(state, {canvas: made.canvas});
}

function parallelPointer(state, canvas) {
  const {lines, filter} = state;
  const lineAt = ({x}) => lines.findIndex((_, i) => Math.abs(state.at.x(i) - x) < 16);
  const valueOf = (line, {y}) =>
      valueAt(lines[line].dimension, Math.max(-0.04, Math.min(1.04, state.at.fraction(y))));
  let line = -1, from = null;
  canvas.addEventListener('pointerdown', (event) => {
    const at = pointIn(canvas, event);
    line = event.button === 0 ? lineAt(at) : -1;
    if (line < 0) return;
    from = at;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    const at = pointIn(canvas, event);
    canvas.style.cursor = line >= 0 || lineAt(at) >= 0 ? 'ns-resize' : 'default';
    if (line < 0 || Math.abs(at.y - from.y) < 4) return;
    filter.set(lines[line].dimension, [valueOf(line, from), valueOf(line, at)]);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (line >= 0 && Math.abs(pointIn(canvas, event).y - from.y) < 4) {
      filter.set(lines[line].dimension, null);
    }
    line = -1;
  });
  canvas.addEventListener('pointercancel', () => line = -1);
}

// A range in steps: an axis's values, or tenths of a figure's scale.
function rangeOfSteps(dimension, [from, to]) {
  if (dimension.axis) return [from - 0.5, to + 0.5];
  return [valueAt(dimension, from / 10 - 1e-6), valueAt(dimension, (to + 1) / 10 + 1e-6)];
}

// The steps after an arrow key: the range moves, or one end of it with `widen`.
function movedSteps(steps, up, widen, count) {
  if (!steps) return up ? [count - 1, count - 1] : [0, 0];
  const [from, to] = steps, by = up ? 1 : -1;
  const inside = (step) => Math.max(0, Math.min(count - 1, step));
  if (widen) return up ? [from, inside(to + 1)] : [inside(from - 1), to];
  return inside(from + by) === from + by && inside(to + by) === to + by ? [from + by, to + by] :
                                                                          steps;
}

function parallelKeys(state, canvas) {
  const {lines, filter} = state, steps = new Map();
  filter.listeners.push(() => {
    for (const dimension of steps.keys()) {
      if (!filter.ranges.has(dimension)) steps.delete(dimension);
    }
  });
  const choose = (dimension, next) => {
    if (next) steps.set(dimension, next);
    filter.set(dimension, next ? rangeOfSteps(dimension, next) : null);
    requestAnimationFrame(
        () => speaker.say([...filter.words(), `${filter.count} points chosen`].join('; ')));
  };
  canvas.addEventListener('keydown', (event) => {
    const side = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    const up = {ArrowUp: true, ArrowDown: false}[event.key];
    if (side) {
      state.focus = state.focus === null ? (side > 0 ? 0 : lines.length - 1) :
                                           (state.focus + side + lines.length) % lines.length;
      state.refresh();
      speaker.say(lines[state.focus].dimension.label);
    } else if (state.focus !== null && up !== undefined) {
      const {dimension} = lines[state.focus];
      const count = dimension.axis ? dimension.marks.length : 10;
      choose(dimension, movedSteps(steps.get(dimension), up, event.shiftKey, count));
    } else if (state.focus !== null && ['Delete', 'Backspace'].includes(event.key)) {
      choose(lines[state.focus].dimension, null);
    } else {
      return;
    }
    event.preventDefault();
  });
  canvas.addEventListener('blur', () => {
    state.focus = null;
    state.refresh();
  });
}
