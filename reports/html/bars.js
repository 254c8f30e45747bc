// Stacked bars, one a layer in the order of execution: cycles by cause, energy by component.

// A band behind the bar of the layer that is looked at.
const markedBar = {
  id: 'markedBar',
  beforeDatasetsDraw(chart) {
    if (select.layer === null) return;
    const {ctx, chartArea: area, scales: {x}} = chart;
    const width = Math.max(6, area.width / Math.max(1, chart.data.labels.length));
    ctx.save();
    ctx.fillStyle = ink.mark;
    ctx.fillRect(x.getPixelForValue(select.layer) - width / 2, area.top, width, area.height);
    ctx.restore();
  },
  afterDatasetsDraw(chart) {
    if (select.layer === null) return;
    const place = topOfBar(chart, select.layer);
    if (!place) return;
    const {ctx, chartArea: area} = chart;
    ctx.save();
    ctx.strokeStyle = ink.ink;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(place.x - place.w / 2 - 1, place.y - 1, place.w + 2, area.bottom - place.y + 1);
    ctx.restore();
  },
};

function topOfBar(chart, layer) {
  let y = Infinity, left = Infinity, right = -Infinity;
  chart.data.datasets.forEach((_, i) => {
    const bar = chart.isDatasetVisible(i) && chart.getDatasetMeta(i).data[layer];
    if (!bar) return;
    y = Math.min(y, bar.y);
    left = Math.min(left, bar.x - bar.width / 2);
    right = Math.max(right, bar.x + bar.width / 2);
  });
  return Number.isFinite(y) ? {x: (left + right) / 2, y, w: right - left} : null;
}

// The layer whose column the pointer is in.
function columnAt(chart, event) {
  const box = chart.canvas.getBoundingClientRect();
  const x = event.clientX - box.left, {chartArea: area, scales} = chart;
  if (x < area.left || x > area.right || chart.data.labels.length === 0) return null;
  const layer = scales.x.getValueForPixel(x);
  return Math.max(0, Math.min(chart.data.labels.length - 1, layer));
}

// The axis of layers, whose names turn and thin out where they are many.
function layerAxis(stacked) {
  return axis({
    stacked,
    grid: {display: false},
    ticks: {
      autoSkip: true,
      autoSkipPadding: 3,
      maxRotation: 60,
      minRotation: 0,
      callback(value) {
        return shorten(this.getLabelForValue(value), 16);
      }
    },
  });
}

// A swatch for each data set, filled as its bars are.
function fillLegend(chart) {
  const draw = (set) => (context) => {
    context.fillStyle = set.backgroundColor;
    context.fillRect(0, 0, 28, 20);
  };
  return chart.data.datasets.map((set) => ({name: set.label, draw: draw(set)}));
}

// The axis of amounts.
function amountAxis(unit, stacked) {
  const ticks = {callback: (v) => short(v), maxTicksLimit: 7};
  return axis({stacked, beginAtZero: true, title: {text: unit}, ticks});
}

// spec: id, title, unit, label, part(layer) -> object with parts and total.
function stackedBars(parent, report, figures, spec) {
  const keys = partsOf(spec.part(report.total));
  const used = keys.filter((key) => report.layers.some((layer) => spec.part(layer)[key] !== 0));
  return chartCard({
    parent,
    id: spec.id,
    title: spec.title,
    height: 330,
    label: spec.label + ' Arrow keys step through the layers.',
    config: {
      type: 'bar',
      data: {
        labels: report.layers.map((layer) => layer.name),
        datasets: used.map((key) => ({
                             label: words(key),
                             data: report.layers.map((layer) => spec.part(layer)[key]),
                             backgroundColor: fillOf(keys.indexOf(key)),
                             categoryPercentage: 0.86,
                             barPercentage: 1,
                           })),
      },
      options: {
        scales: {x: layerAxis(true), y: amountAxis(spec.unit, true)},
      },
      plugins: [markedBar],
    },
    legend: fillLegend,
    table: {
      headers: ['layer', ...used.map((key) => words(key)), 'total'],
      rows: () => [...report.layers, report.total].map(
          (layer) =>
              [layer.name, ...used.map((key) => exact(spec.part(layer)[key])),
               exact(spec.part(layer).total)]),
    },
    layers: report.layers.map((_, i) => i),
    at: columnAt,
    place: topOfBar,
    heading: (i) => report.layers[i].name,
    figures,
  });
}

function latencyBars(parent, report, figures) {
  const perMicrosecond = report.arch.clock_mhz;
  const made = stackedBars(parent, report, figures, {
    id: 'latency',
    title: 'Latency by cause',
    unit: 'cycles',
    label: 'Cycles of each layer, stacked by cause.',
    part: (layer) => layer.cycles,
  });
  made.of.textContent = `${exact(report.total.cycles.total)} cycles, ${
      exact(report.total.cycles.total / perMicrosecond)} µs at ${exact(perMicrosecond)} MHz`;
}

function energyBars(parent, report, view, figures) {
  const made = stackedBars(parent, report, figures, {
    id: 'energy',
    title: 'Energy by component',
    unit: view.energy_unit,
    label: `Energy of each layer in ${view.energy_unit}, stacked by component.`,
    part: (layer) => layer.energy_pj,
  });
  made.of.textContent = `${short(report.total.energy_pj.total)} ${view.energy_unit}, table ${
      report.arch.energy.name}`;
}
