// The sweep: what it is ("sweep", as readData has it) and its points as columns ("points"; a number
// in place of a column is the same in every row). A row is a point that the page has.

// A dimension is something that points have a value of, an axis of the sweep or a figure:
// key, label, axis (whether it is one), whole (whether every value is), at(row) -> place on its
// scale, text(row), marks: for axes the texts of their values in their order on the scale, number:
// whether those are numbers, log: whether its scale is.
function readSweep() {
  const sweep = readData('sweep');
  const points = JSON.parse(document.getElementById('points').textContent);
  const count = sweep.rows;
  const column = (values, Kind) =>
      Array.isArray(values) ? Kind.from(values) : new Kind(count).fill(values);
  const numbers = column(points.point, Float64Array);
  const rowOf = new Map();
  numbers.forEach((point, row) => rowOf.set(point, row));
  const axes =
      sweep.axes.map((axis, i) => axisDimension(axis, column(points.levels[i], Uint32Array)));
  const metrics = sweep.metrics.map(
      (metric, i) =>
          figureDimension(metric.name, metric.label, column(points.metrics[i], Float64Array)));
  const utilization =
      figureDimension('utilization', 'utilization', column(points.utilization, Float64Array));
  utilization.log = false;
  const front = sweep.front_rows.map((point) => rowOf.get(point));
  return {
    ...sweep,
    count,
    numbers,
    rowOf,
    axes,
    metrics,
    front,
    figures: [...metrics, utilization],
    goals: sweep.front.map((i) => metrics[i]),
  };
}

// Values of an axis stand in the order of numbers, or in that of the specification.
function axisDimension(axis, levels) {
  const number = axis.numbers && axis.levels.every((text) => Number.isFinite(Number(text)));
  const order = axis.levels.map((_, level) => level);
  if (number) order.sort((a, b) => Number(axis.levels[a]) - Number(axis.levels[b]));
  const place = new Uint32Array(order.length);
  order.forEach((level, i) => place[level] = i);
  const at = Float64Array.from(levels, (level) => place[level]);
  return {
    key: axis.name,
    label: axis.name,
    keys: axis.keys,
    axis: true,
    number,
    log: false,
    values: at,
    marks: order.map((level) => axis.levels[level]),
    order,
    text: (row) => axis.levels[levels[row]],
    ...extent(at),
  };
}

function figureDimension(key, label, values) {
  const range = extent(values);
  return {
    key,
    label,
    axis: false,
    number: true,
    log: range.least > 0,
    values,
    text: (row) => figureText(values[row]),
    ...range,
  };
}

// What the six digits that the page has of a figure say; no zeros in place of others.
function figureText(value) {
  if (Math.abs(value) < 1e6) return exact(value);
  const step = Math.min(6, Math.floor(Math.log10(Math.abs(value)) / 3));
  return sixDigits.format(value / 1000 ** step) + ' kMGTPE'[step];
}

function extent(values) {
  let least = Infinity, most = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return {least, most};
}

function varies(dimension) {
  return dimension.most > dimension.least;
}

// What a tip and a screen reader say of a row.
function headingOf(data, row) {
  return 'Point ' + data.numbers[row];
}
function factsOf(data, row) {
  return [
    ...data.axes.map((axis) => [axis.label, shorten(axis.text(row), 40)]),
    ...data.figures.filter((f) => varies(f) || data.goals.includes(f))
        .map((figure) => [figure.label, figure.text(row)]),
  ];
}
