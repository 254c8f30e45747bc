// Where the array's time went: from its peak, loss by loss, to what was attained. Of the run, or of
// the layer that is looked at.

// Figures behind the bars, as text.
const barFigures = (textOf) => ({
  id: 'barFigures',
  afterDatasetsDraw(chart) {
    const {ctx, chartArea: area} = chart;
    ctx.save();
    ctx.font = '11px system-ui, "DejaVu Sans", sans-serif';
    ctx.textBaseline = 'middle';
    ctx.fillStyle = ink.ink;
    chart.getDatasetMeta(0).data.forEach((bar, i) => {
      const text = textOf(i);
      const width = ctx.measureText(text).width;
      const right = Math.max(bar.x, bar.base), left = Math.min(bar.x, bar.base);
      if (right + 5 + width <= area.right)
        ctx.fillText(text, right + 5, bar.y);
      else if (left - 5 - width >= area.left)
        ctx.fillText(text, left - 5 - width, bar.y);
      else {
        ctx.fillStyle = '#ffffff';
        ctx.fillText(text, right - 6 - width, bar.y);
        ctx.fillStyle = ink.ink;
      }
    });
    ctx.restore();
  },
});

// Bars [from, to] in parts of the peak: the peak, what each loss takes away, what is left.
function waterfallBars(losses, values) {
  const [peak, ...rest] = values;
  const bars = [[0, 1]];
  const texts = ['100 %'];
  let left = 1;
  losses.forEach((_, i) => {
    const part = peak > 0 ? rest[i] / peak : 0;
    bars.push([left - part, left]);
    texts.push(part === 0 ? '0' : '−' + percent(part));
    left -= part;
  });
  const attained = peak > 0 ? rest[losses.length] / peak : 0;
  bars.push([0, attained]);
  texts.push(percent(attained));
  return {bars, texts};
}

// A loss that is a cause of cycles looks as in the chart of causes.
function lossColours(report, losses) {
  const causes = partsOf(report.total.cycles);
  const index = (key) => key === 'idle_pes' ? 6 : causes.includes(key) ? causes.indexOf(key) : 7;
  return ['#8c8c8c', ...losses.map(([key]) => fillOf(index(key))), kPalette[0]];
}

function waterfallChart(parent, report, view) {
  const {layers, total} = view.waterfall;
  const all = view.waterfall.losses;
  // A loss that no layer has would be an empty row.
  const keep = all.map((_, i) => i).filter((i) => layers.some((values) => values[1 + i] !== 0));
  const losses = keep.map((i) => all[i]);
  const valuesOf = (layer) => {
    const values = layer === null ? total : layers[layer];
    return [values[0], ...keep.map((i) => values[1 + i]), values[all.length + 1]];
  };
  const labels = ['peak', ...losses.map(([, label]) => label), 'attained'];
  let shown = waterfallBars(losses, valuesOf(null));
  const made = chartCard({
    parent,
    id: 'waterfall',
    title: 'From peak to attained',
    size: 'half',
    height: 362,
    note: 'PE-cycles, in parts of the array’s peak. Point at a layer anywhere to see its own.',
    label: 'Waterfall of losses from the peak of the PE array to what the run attained.',
    config: {
      type: 'bar',
      data: {
        labels,
        datasets: [{
          label: 'part of the peak',
          data: shown.bars,
          backgroundColor: lossColours(report, losses),
          barPercentage: 0.8,
          categoryPercentage: 0.9
        }]
      },
      options: {
        indexAxis: 'y',
        scales: {
          x: axis({min: 0, max: 1, ticks: {callback: (v) => percent(v, 0), maxTicksLimit: 6}}),
          y: axis({grid: {display: false}, ticks: {autoSkip: false}})
        },
      },
      plugins: [barFigures((i) => shown.texts[i])],
    },
    table: {
      headers: ['layer', 'peak, PE-cycles', ...losses.map(([, label]) => label), 'executed MACs'],
      rows: () =>
          [...report.layers.map((layer, i) => [layer.name, ...valuesOf(i).map(exact)]),
           ['total', ...valuesOf(null).map(exact)]],
    },
  });
  const show = (layer) => {
    shown = waterfallBars(losses, valuesOf(layer));
    made.of.textContent = layer === null ? 'whole network' : report.layers[layer].name;
    made.chart.data.datasets[0].data = shown.bars;
    made.chart.update('none');
  };
  show(null);
  select.listeners.push(show);
}
