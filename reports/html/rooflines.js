// The two rooflines of a run: of time at each memory level, and of energy.

// The corner points of min(peak, bandwidth x intensity) between two intensities.
function roofLine(peak, level, from, to) {
  const ridge = peak / level.bytes_per_cycle;
  const at = (x) => ({x, y: Math.min(peak, x * level.bytes_per_cycle)});
  return [from, ...(ridge > from && ridge < to ? [ridge] : []), to].map(at);
}

// Everything that the chart of one memory level shows.
function levelSets(report, view, index) {
  const {peak, levels, attained} = view.roofline;
  const level = levels[index];
  const layers = report.layers.map((_, i) => i)
                     .filter((i) => level.macs_per_byte[i] !== null && attained[i] > 0);
  const sets = pointSets(report, layers, (i) => ({x: level.macs_per_byte[i], y: attained[i]}));
  const optimal = layers.filter((i) => level.optimal_macs_per_byte[i] !== null);
  const ridge = peak / level.bytes_per_cycle;
  const x = logBounds([
    ridge, ...layers.map((i) => level.macs_per_byte[i]),
    ...optimal.map((i) => level.optimal_macs_per_byte[i])
  ]);
  const y = logBounds([peak, ...layers.map((i) => attained[i]), peak / 4]);
  // From each point to where compulsory traffic alone would put it: a gap ends each segment.
  const shifts = optimal.flatMap(
      (i) =>
          [{x: level.macs_per_byte[i], y: attained[i]},
           {x: level.optimal_macs_per_byte[i], y: attained[i]}, {x: NaN, y: NaN}]);
  sets.push({
    label: 'with compulsory traffic only',
    kind: 'optimal',
    type: 'line',
    data: shifts,
    borderColor: () => ink.soft,
    borderWidth: 1,
    borderDash: [2, 2],
    pointRadius: shifts.map((_, i) => (i % 3 === 1 ? 3 : 0)),
    pointHoverRadius: 0,
    pointStyle: 'circle',
    backgroundColor: () => ink.card
  });
  sets.push({
    label: 'roof',
    kind: 'roof',
    type: 'line',
    data: roofLine(peak, level, x.min, x.max),
    borderColor: () => ink.ink,
    borderWidth: 2,
    pointRadius: 0,
    pointHoverRadius: 0
  });
  return {sets, x, y, layers};
}

function rooflineLegend(chart) {
  const entries = pointLegend(chart, (set) => drawLine(set.kind === 'roof' ? [] : [4, 4]));
  for (const entry of entries) entry.shown = entry.kind !== 'optimal';
  return entries;
}

function rooflineTable(report, {levels, attained}) {
  const cells = (level, i) => {
    const intensity = level.macs_per_byte[i];
    return intensity === null ? ['', ''] : [exact(intensity), exact(level.roof_macs_per_cycle[i])];
  };
  return {
    headers: [
      'layer', ...levels.flatMap((level) => [`MACs/B, ${level.label}`, 'roof there']),
      'attained MACs/cycle'
    ],
    rows: () => report.layers.map(
        (layer,
         i) => [layer.name, ...levels.flatMap((level) => cells(level, i)), exact(attained[i])]),
  };
}

function rooflineChart(parent, report, view, figures) {
  const {levels, peak, attained} = view.roofline;
  const usable =
      levels.map((_, i) => i)
          .filter((i) => levels[i].macs_per_byte.some((x, l) => x !== null && attained[l] > 0));
  if (usable.length === 0) return;
  let now = usable[0];
  let shown = levelSets(report, view, now);
  const roofAt = (layer) =>
      Math.min(peak, levels[now].macs_per_byte[layer] * levels[now].bytes_per_cycle);
  const caption = () =>
      `${levels[now].label}: ${short(levels[now].bytes_per_cycle)} B/cycle, ridge at ${
          short(peak / levels[now].bytes_per_cycle)} MACs/B, peak ${exact(peak)} MACs/cycle`;
  const made = chartCard({
    parent,
    id: 'roofline',
    title: 'Roofline',
    size: 'wide',
    height: 400,
    label: 'Roofline: attained MACs per cycle over intensity. Arrow keys step through the layers.',
    config: {
      data: {datasets: shown.sets},
      options: {
        scales: {
          x: {...logAxis('operational intensity, MACs / byte'), ...shown.x},
          y: {...logAxis('MACs / cycle'), ...shown.y}
        },
      },
      plugins: [
        pointNames(namedPoints(report)), markedPoint((chart, layer) => {
          const point = placeOfPoint(chart, layer);
          return point && {...point, roof: chart.scales.y.getPixelForValue(roofAt(layer))};
        })
      ],
    },
    legend: rooflineLegend,
    table: rooflineTable(report, view.roofline),
    layers: shown.layers,
    at: pointAt(report),
    place: placeOfPoint,
    heading: (i) => report.layers[i].name,
    figures,
  });
  made.of.textContent = caption();
  const choose = (index) => {
    now = index;
    shown = levelSets(report, view, now);
    const {chart} = made;
    const visible = chart.data.datasets.map((_, i) => chart.isDatasetVisible(i));
    chart.data.datasets = shown.sets;
    chart.data.datasets.forEach((_, i) => chart.setDatasetVisibility(i, visible[i]));
    Object.assign(chart.options.scales.x, shown.x);
    Object.assign(chart.options.scales.y, shown.y);
    made.of.textContent = caption();
    chart.update('none');
  };
  made.plot.before(levelTabs(levels, usable, choose));
}

// Which memory level to show, as radio buttons.
function levelTabs(levels, usable, choose) {
  return el(
      'fieldset', {class: 'tabs'}, el('legend', {class: 'hidden'}, 'Memory level'),
      usable.map((index, i) => {
        const input =
            el('input', {type: 'radio', name: 'level', value: levels[index].key, checked: i === 0});
        input.addEventListener('change', () => choose(index));
        return el('label', {}, input, el('span', {}, levels[index].label));
      }));
}

// The layers' points and the two lines of the energy roofline, and the bounds of what they reach.
function energySets(report, data, layers, x) {
  const line = (kind, label, points, dash) => ({
    label,
    kind,
    type: 'line',
    data: points.map(([at, y]) => ({x: at, y})),
    borderColor: () => ink.ink,
    borderWidth: dash.length ? 1.5 : 2,
    borderDash: dash,
    pointRadius: 0,
    pointHoverRadius: 0
  });
  const lines = [
    line('arch', 'this run', data.arch, []),
    line('bound', 'multipliers and DRAM only', data.bound, [5, 4])
  ];
  const points =
      pointSets(report, layers, (i) => ({x: data.macs_per_byte[i], y: data.macs_per_energy[i]}));
  const seen = lines.flatMap((l) => l.data).filter((p) => p.x >= x.min && p.x <= x.max);
  const y = logBounds([...layers.map((i) => data.macs_per_energy[i]), ...seen.map((p) => p.y)]);
  return {sets: [...points, ...lines], y};
}

function energyRooflineChart(parent, report, view, figures) {
  const data = view.energy_roofline;
  const layers = report.layers.map((_, i) => i)
                     .filter((i) => data.macs_per_byte[i] !== null && data.macs_per_energy[i] > 0);
  if (layers.length === 0 || data.arch.length === 0) return;
  const per =
      `MACs / ${view.energy_unit === 'MAC equivalents' ? 'MAC equivalent' : view.energy_unit}`;
  const x = logBounds([...layers.map((i) => data.macs_per_byte[i]), data.balance]);
  const {sets, y} = energySets(report, data, layers, x);
  const made = chartCard({
    parent,
    id: 'energy-roofline',
    title: 'Energy roofline',
    size: 'narrow',
    height: 400,
    label:
        'Energy roofline: MACs per unit of energy over operational intensity, one point a layer.',
    config: {
      data: {datasets: sets},
      options: {
        scales: {x: {...logAxis('MACs / DRAM byte'), ...x}, y: {...logAxis(per), ...y}},
      },
      plugins: [pointNames(namedPoints(report)), markedPoint(placeOfPoint)],
    },
    legend: (chart) => pointLegend(chart, (set) => drawLine(set.borderDash.length ? [5, 4] : [])),
    table: {
      headers: ['layer', 'MACs / DRAM byte', per, 'most that its traffic allows'],
      rows: () => report.layers.map(
          (layer, i) =>
              [layer.name, data.macs_per_byte[i] === null ? '' : exact(data.macs_per_byte[i]),
               exact(data.macs_per_energy[i]), exact(data.roof_macs_per_energy[i])]),
    },
    layers,
    at: pointAt(report),
    place: placeOfPoint,
    heading: (i) => report.layers[i].name,
    figures,
  });
  made.of.textContent = `MACs and DRAM take equal energy at ${short(data.balance)} MACs/B`;
}
