// Rooflines: a layer's rate over its intensity, both logarithmic, under the roofs of the machine.

// Ticks of a logarithmic axis: powers of ten, and 2 and 5 between them where there is room.
function logTicks(value, index, ticks) {
  const decades = Math.log10(ticks[ticks.length - 1].value / ticks[0].value);
  const power = Math.floor(Math.log10(value) + 1e-9);
  const digit = Math.round(value / 10 ** power);
  // The ends of the axis are ticks too, wherever they lie.
  if (Math.abs(value / (digit * 10 ** power) - 1) > 1e-6) return '';
  const wanted = decades > 4 ? [1] : decades > 2.2 ? [1, 3] : [1, 2, 5];
  return wanted.includes(digit) ? short(Number((digit * 10 ** power).toPrecision(3))) : '';
}

function logAxis(title) {
  return axis({
    type: 'logarithmic',
    title: {text: title},
    ticks: {callback: logTicks, autoSkip: false, maxRotation: 0}
  });
}

// Bounds that hold all values with a little room, null if there is none.
function logBounds(values) {
  const good = values.filter((v) => v > 0 && Number.isFinite(v));
  if (good.length === 0) return null;
  return {min: Math.min(...good) / 1.6, max: Math.max(...good) * 1.6};
}

// Small boxes along the lines that are shown, which names keep off.
function lineBoxes(chart) {
  const boxes = [];
  chart.data.datasets.forEach((set, i) => {
    if (set.type !== 'line' || !chart.isDatasetVisible(i)) return;
    const points = chart.getDatasetMeta(i).data;
    for (let p = 1; p < points.length; ++p) {
      const [a, b] = [points[p - 1], points[p]];
      if (a.skip || b.skip) continue;
      const steps = Math.min(400, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / 6));
      for (let s = 0; s <= steps; ++s)
        boxes.push({
          x: a.x + (b.x - a.x) * s / steps - 1,
          y: a.y + (b.y - a.y) * s / steps - 1,
          w: 2,
          h: 2
        });
    }
  });
  return boxes;
}

// Names beside the largest points, where they touch nothing else.
const pointNames = (pointsOf) => ({
  id: 'pointNames',
  afterDatasetsDraw(chart) {
    const {ctx, chartArea: area} = chart;
    const taken = [];
    const free = (box) => box.x >= area.left && box.x + box.w <= area.right && box.y >= area.top &&
        box.y + box.h <= area.bottom &&
        taken.every(
            (t) => box.x + box.w < t.x || t.x + t.w < box.x || box.y + box.h < t.y ||
                t.y + t.h < box.y);
    const points = pointsOf(chart);
    for (const {x, y, r} of points) taken.push({x: x - r, y: y - r, w: 2 * r, h: 2 * r});
    taken.push(...lineBoxes(chart));
    ctx.save();
    ctx.font = '11px system-ui, "DejaVu Sans", sans-serif';
    ctx.textBaseline = 'middle';
    ctx.fillStyle = ink.soft;
    ctx.strokeStyle = ink.card;  // a rim that keeps the grid off the letters
    ctx.lineWidth = 3;
    ctx.lineJoin = 'round';
    const most = area.width > 560 ? 9 : 4;
    let shown = 0;
    for (const {x, y, r, name} of points) {
      if (shown >= most) break;
      const text = shorten(name, 22);
      const w = ctx.measureText(text).width;
      const places =
          [[x + r + 4, y], [x - r - 4 - w, y], [x - w / 2, y + r + 9], [x - w / 2, y - r - 9]];
      const place = places.find(([left, middle]) => free({x: left, y: middle - 7, w, h: 14}));
      if (!place) continue;
      ctx.strokeText(text, place[0], place[1]);
      ctx.fillText(text, place[0], place[1]);
      taken.push({x: place[0], y: place[1] - 7, w, h: 14});
      shown += 1;
    }
    ctx.restore();
  },
});

// A ring around the layer that is looked at, and from it a line up to its roof.
const markedPoint = (pointOf) => ({
  id: 'markedPoint',
  afterDatasetsDraw(chart) {
    if (select.layer === null) return;
    const point = pointOf(chart, select.layer);
    if (!point) return;
    const {ctx} = chart;
    ctx.save();
    ctx.strokeStyle = ink.ink;
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.arc(point.x, point.y, point.r + 4, 0, 2 * Math.PI);
    ctx.stroke();
    if (point.roof !== undefined && point.roof < point.y - point.r - 4) {
      ctx.setLineDash([3, 3]);
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(point.x, point.y - point.r - 4);
      ctx.lineTo(point.x, point.roof);
      ctx.stroke();
    }
    ctx.restore();
  },
});

// Symbol number `index`, half the canvas of a legend wide.
function drawSymbol(context, index) {
  context.strokeStyle = kPalette[index % kPalette.length];
  context.fillStyle = context.strokeStyle;
  context.lineWidth = 3;
  context.beginPath();
  const shape = kShapes[index % kShapes.length];
  if (shape === 'circle')
    context.arc(14, 10, 7, 0, 7);
  else if (shape === 'triangle') {
    context.moveTo(14, 2);
    context.lineTo(22, 17);
    context.lineTo(6, 17);
    context.closePath();
  } else if (shape === 'rect')
    context.rect(7, 3, 14, 14);
  else if (shape === 'rectRot') {
    context.moveTo(14, 1);
    context.lineTo(23, 10);
    context.lineTo(14, 19);
    context.lineTo(5, 10);
    context.closePath();
  } else {
    context.moveTo(7, 3);
    context.lineTo(21, 17);
    context.moveTo(21, 3);
    context.lineTo(7, 17);
  }
  if (index > 3)
    context.stroke();
  else
    context.fill();
}

// A line of a legend, drawn when the legend is.
function drawLine(dash) {
  return (context) => {
    context.strokeStyle = ink.ink;
    context.lineWidth = 4;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(0, 10);
    context.lineTo(28, 10);
    context.stroke();
    context.setLineDash([]);
  };
}

// A point's radius: its area is the layer's share of the run's time.
function pointRadius(report, layer) {
  const share = report.layers[layer].cycles.total / Math.max(1, report.total.cycles.total);
  return Math.max(3.5, Math.min(16, 34 * Math.sqrt(share)));
}

// Data sets of points, one a dataflow; `xy(layer)` is {x, y}, or null where the chart has no point.
function pointSets(report, layers, xy) {
  const dataflows = [...new Set(layers.map((layer) => report.layers[layer].dataflow))];
  return dataflows.map((dataflow) => {
    const index = dataflowIndex(report, dataflow);
    const mine = layers.filter((layer) => report.layers[layer].dataflow === dataflow && xy(layer));
    return {
      label: dataflow,
      index,
      type: 'scatter',
      data: mine.map((layer) => ({...xy(layer), layer})),
      pointStyle: kShapes[index % kShapes.length],
      pointRadius: mine.map((layer) => pointRadius(report, layer)),
      pointHoverRadius: mine.map((layer) => pointRadius(report, layer)),
      backgroundColor: kPalette[index % kPalette.length] + 'b0',
      borderColor: kPalette[index % kPalette.length],
      borderWidth: 1.5,
    };
  });
}

function dataflowIndex(report, dataflow) {
  return [...new Set(report.layers.map((layer) => layer.dataflow))].indexOf(dataflow);
}

// Where a layer's point lies in the chart, if it is shown.
function placeOfPoint(chart, layer) {
  for (let set = 0; set < chart.data.datasets.length; ++set) {
    const {data, kind} = chart.data.datasets[set];
    if (kind !== undefined || !chart.isDatasetVisible(set)) continue;
    const at = data.findIndex((point) => point.layer === layer);
    if (at < 0) continue;
    const {x, y} = chart.getDatasetMeta(set).data[at];
    return {x, y, r: chart.data.datasets[set].pointRadius[at]};
  }
  return null;
}

// The layer whose point is nearest to the pointer, within 12 pixels of its rim.
function pointAt(report) {
  return (chart, event) => {
    const box = chart.canvas.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    let best = null, least = 12;
    for (let layer = 0; layer < report.layers.length; ++layer) {
      const point = placeOfPoint(chart, layer);
      if (!point) continue;
      const distance = Math.hypot(point.x - x, point.y - y) - point.r;
      if (distance < least) [best, least] = [layer, distance];
    }
    return best;
  };
}

// The points of a chart, the largest first, for their names.
function namedPoints(report) {
  return (chart) => report.layers.map((layer, i) => ({name: layer.name, ...placeOfPoint(chart, i)}))
                        .filter((point) => point.r !== undefined)
                        .sort((a, b) => b.r - a.r);
}

// Points first, by their symbols, then lines, as `lineOf(set)` draws them.
function pointLegend(chart, lineOf) {
  return chart.data.datasets.map(
      (set) => ({
        name: set.label,
        kind: set.kind,
        draw: set.kind === undefined ? (context) => drawSymbol(context, set.index) : lineOf(set),
      }));
}
