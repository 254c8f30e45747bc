// How busy each PE is: MACs that it executes, over the cycles. Of the run, or of the layer that is
// looked at. The counts come from the mapping, pass by pass, and add up to the executed MACs.

// The MACs of each PE, row by row, from their run lengths [rows, [[columns, MACs], ...]].
function macsOfPes(runs) {
  const rows = [];
  for (const [count, row] of runs) {
    const line = row.flatMap(([columns, macs]) => Array(columns).fill(macs));
    for (let i = 0; i < count; ++i) rows.push(line);
  }
  return rows;
}

// A point for each PE, whose figures change from layer to layer while their places stay.
function heatPoints(rows, cols) {
  return Array.from(
      {length: rows * cols}, (_, i) => ({x: i % cols, y: Math.floor(i / cols), macs: 0, busy: 0}));
}

function fillHeat(points, runs, cycles) {
  const macs = runs ? macsOfPes(runs) : null;
  for (const point of points) {
    point.macs = macs ? macs[point.y][point.x] : 0;
    point.busy = cycles > 0 ? point.macs / cycles : 0;
  }
}

// Squares that fill their cells: a point of Chart.js does not grow with the chart.
const heatCells = {
  id: 'heatCells',
  afterDatasetsDraw(chart) {
    const {ctx, scales: {x, y}} = chart;
    const width = Math.abs(x.getPixelForValue(1) - x.getPixelForValue(0));
    const height = Math.abs(y.getPixelForValue(1) - y.getPixelForValue(0));
    const gap = Math.min(width, height) > 8 ? 1 : 0;
    ctx.save();
    for (const point of chart.data.datasets[0].data) {
      ctx.fillStyle = heatColour(point.busy);
      ctx.fillRect(
          x.getPixelForValue(point.x) - width / 2 + gap / 2,
          y.getPixelForValue(point.y) - height / 2 + gap / 2, width - gap, height - gap);
    }
    const asText = width >= 30 && height >= 15;
    ctx.font = '10.5px system-ui, "DejaVu Sans", sans-serif';
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    for (const point of asText ? chart.data.datasets[0].data : []) {
      ctx.fillStyle = point.busy > 0.5 ? '#101010' : '#ffffff';
      ctx.fillText(
          String(Math.round(100 * point.busy)), x.getPixelForValue(point.x),
          y.getPixelForValue(point.y));
    }
    ctx.restore();
  },
};

function heatScale() {
  const bar = el('canvas', {width: 200, height: 1, 'aria-hidden': 'true'});
  const context = bar.getContext('2d');
  for (let i = 0; i < 200; ++i) {
    context.fillStyle = heatColour(i / 199);
    context.fillRect(i, 0, 1, 1);
  }
  return el('div', {class: 'scale'}, 'idle', bar, 'busy every cycle');
}

// The rows or columns of PEs, about eight of them numbered.
function peAxis(length, title, reverse) {
  return axis({
    type: 'linear',
    min: -0.5,
    max: length - 0.5,
    reverse,
    title: {text: title},
    grid: {display: false},
    ticks: {autoSkip: false, maxRotation: 0},
    afterBuildTicks(scale) {
      const step = Math.max(1, Math.ceil(length / 8));
      scale.ticks = Array.from({length: Math.ceil(length / step)}, (_, i) => ({value: i * step}));
    },
  });
}

function heatChart(parent, report, view) {
  const {rows, cols} = view.heat;
  const made = chartCard({
    parent,
    id: 'heat',
    title: 'Utilisation of the array',
    size: 'half',
    height: 330,
    note: 'MACs of each PE in percent of all cycles. Point at a layer anywhere to see its own.',
    label: `Heat map of the ${rows} by ${cols} PEs: in how many of the cycles each one multiplies.`,
    config: {
      type: 'scatter',
      data: {
        datasets:
            [{label: 'PEs', data: heatPoints(rows, cols), pointRadius: 0, pointHoverRadius: 0}]
      },
      options: {
        scales: {x: peAxis(cols, 'column of PEs', false), y: peAxis(rows, 'row of PEs', true)},
      },
      plugins: [heatCells],
    },
    extra: [heatScale()],
    table: {
      headers: ['row', ...Array.from({length: cols}, (_, i) => `column ${i}`)],
      rows: () => Array.from(
          {length: rows},
          (_, row) =>
              [String(row),
               ...made.chart.data.datasets[0]
                   .data.slice(row * cols, (row + 1) * cols)
                   .map((p) => percent(p.busy))]),
    },
  });
  const show = (layer) => {
    const one = layer === null ? report.total : report.layers[layer];
    const points = made.chart.data.datasets[0].data;
    fillHeat(points, layer === null ? view.heat.total : view.heat.layers[layer], one.cycles.total);
    const on = points.filter((p) => p.macs > 0).length;
    made.of.textContent = `${layer === null ? 'whole network' : one.name}: ${
        percent(one.utilization)} on average, ${on} of ${points.length} PEs used`;
    made.chart.draw();
  };
  show(null);
  select.listeners.push(show);
  heatTips(made.chart, rows, cols);
}

function heatTips(chart, rows, cols) {
  chart.canvas.addEventListener('pointermove', (event) => {
    const box = chart.canvas.getBoundingClientRect();
    const col = Math.round(chart.scales.x.getValueForPixel(event.clientX - box.left));
    const row = Math.round(chart.scales.y.getValueForPixel(event.clientY - box.top));
    if (col < 0 || row < 0 || col >= cols || row >= rows) return tip.hide();
    const point = chart.data.datasets[0].data[row * cols + col];
    tip.show(
        event.clientX, event.clientY, `PE row ${row}, column ${col}`,
        [['MACs', exact(point.macs)], ['busy', percent(point.busy)]]);
  });
  chart.canvas.addEventListener('pointerleave', () => tip.hide());
}
