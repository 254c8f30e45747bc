// Two runs beside each other.

function ratioText(a, b) {
  return a > 0 ? `${(b / a).toPrecision(3)}×` : 'n/a';
}

// Pairs, and layers that only one run has, as rows of one kind.
function comparedRows(data) {
  const row = (a, b, more) => ({a, b, name: (a || b).name, changes: [], ...more});
  return [
    ...data.layers.map(
        (pair) => row(pair.a, pair.b, {
          name: pair.matched_by === 'name' ? pair.a.name : `${pair.a.name} ~ ${pair.b.name}`,
          changes: [
            ...pair.changes, pair.cycles_mostly && 'cycles: ' + pair.cycles_mostly,
            pair.energy_mostly && 'energy: ' + pair.energy_mostly
          ].filter(Boolean)
        })),
    ...data.only_a.map((layer) => row(layer, null, {changes: ['only in A']})),
    ...data.only_b.map((layer) => row(null, layer, {changes: ['only in B']})),
  ];
}

function comparedFigures(rows, unit) {
  return (i) => {
    const {a, b, changes} = rows[i];
    const both = (name, value) => [
        [name + ', A', a ? exact(value(a)) : 'none'], [name + ', B', b ? exact(value(b)) : 'none'],
        a && b ? ['B / A', ratioText(value(a), value(b))] : null];
    return [
      ['dataflow', `${a ? a.dataflow : 'none'}, ${b ? b.dataflow : 'none'}`],
      ['bound', `${a ? a.bound : 'none'}, ${b ? b.bound : 'none'}`],
      ...both('cycles', (l) => l.cycles.total),
      ...both('energy, ' + unit, (l) => l.energy_pj.total),
      ...changes.map((change) => ['changed', change]),
    ].filter(Boolean);
  };
}

// Two bars a layer, A's plain and B's with a pattern.
function pairedBars(parent, rows, figures, spec) {
  const value = (layer) => (layer ? spec.value(layer) : 0);
  const made = chartCard({
    parent,
    id: spec.id,
    title: spec.title,
    height: 320,
    label: `${spec.title} of each layer in both runs. Arrow keys step through the layers.`,
    config: {
      type: 'bar',
      data: {
        labels: rows.map((row) => row.name),
        datasets: ['a', 'b'].map((run, i) => ({
                                   label: run.toUpperCase(),
                                   data: rows.map((row) => value(row[run])),
                                   backgroundColor: fillOf(i),
                                   categoryPercentage: 0.84,
                                   barPercentage: 1
                                 })),
      },
      options: {scales: {x: layerAxis(), y: amountAxis(spec.unit, false)}},
      plugins: [markedBar],
    },
    legend: fillLegend,
    table: {
      headers: ['layer', 'A', 'B', 'B / A'],
      rows: () => rows.map(
          (row) =>
              [row.name, row.a ? exact(value(row.a)) : 'none', row.b ? exact(value(row.b)) : 'none',
               row.a && row.b ? ratioText(value(row.a), value(row.b)) : ''])
    },
    layers: rows.map((_, i) => i),
    at: columnAt,
    place: topOfBar,
    heading: (i) => rows[i].name,
    figures,
  });
  made.of.textContent = spec.remark;
}

function comparedTable(parent, data, rows, unit) {
  const cycles = (layer) => (layer ? layer.cycles.total : 0),
        energy = (layer) => (layer ? layer.energy_pj.total : 0);
  const ratio = (row, value) =>
      (row.a && row.b && value(row.a) > 0 ? value(row.b) / value(row.a) : -1);
  const ratioOf = (v) => (v < 0 ? '' : v.toFixed(3) + '×');
  const some = (v, layer) => (layer ? exact(v) : 'none');
  const total = {name: 'total', a: data.a.total, b: data.b.total, changes: []};
  const columns = [
    {header: 'layer', value: (r) => r.name},
    {header: 'cycles A', value: (r) => cycles(r.a), text: (v, r) => some(v, r.a)},
    {header: 'cycles B', value: (r) => cycles(r.b), text: (v, r) => some(v, r.b)},
    {header: 'cycles B / A', value: (r) => ratio(r, cycles), text: ratioOf},
    {
      header: 'energy A',
      title: 'Energy in ' + unit,
      value: (r) => energy(r.a),
      text: (v, r) => (r.a ? short(v) : 'none')
    },
    {
      header: 'energy B',
      title: 'Energy in ' + unit,
      value: (r) => energy(r.b),
      text: (v, r) => (r.b ? short(v) : 'none')
    },
    {header: 'energy B / A', value: (r) => ratio(r, energy), text: ratioOf},
    {header: 'what changed', value: (r) => r.changes.join('; ')},
  ];
  layerTable(parent, {
    caption: 'Layers of both runs and the totals',
    columns,
    rows,
    total,
    remark: `${data.layers.length} in both, ${data.only_a.length} only in A, ${
        data.only_b.length} only in B`
  });
}

function changedSettings(parent, data) {
  const rows = data.settings.map(
      ({setting, a, b}) =>
          el('tr', {}, el('th', {scope: 'row', class: 'text'}, setting),
             el('td', {class: 'text wrap'}, a), el('td', {class: 'text wrap'}, b)));
  parent.append(el(
      'section', {class: 'card table', 'aria-label': 'Settings that differ'},
      el('div', {class: 'head'}, el('h2', {}, 'Settings that differ')),
      rows.length === 0 ?
          el('p', {}, 'none') :
          el('div',
             {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Settings that differ'},
             el('table', {},
                el('thead', {},
                   el('tr', {},
                      ['setting', 'A', 'B'].map(
                          (h) => el('th', {scope: 'col', class: 'text'}, h)))),
                el('tbody', {}, rows)))));
}

function showComparison(data) {
  const unit = data.energy_unit === 'MAC' ? 'MAC equivalents' : data.energy_unit;
  const [a, b] = [data.a.total, data.b.total];
  const rows = comparedRows(data);
  const rowFigures = comparedFigures(rows, unit);
  const main = el('main', {});
  const name = (run) => `${run.network} on ${run.arch} (${run.file})`;
  const card = (title, value, format, note) => figure(
      title, ratioText(value(a), value(b)), 'B / A',
      `${format(value(a))} → ${format(value(b))} ${note}`);
  document.title = `${data.a.arch} and ${data.b.arch}, compared`;
  document.getElementById('app').append(
      el('header', {},
         el('div', {class: 'titles'}, el('h1', {}, 'Comparison of two runs'),
            el('p', {}, 'A: ' + name(data.a)), el('p', {}, 'B: ' + name(data.b))),
         el('div', {class: 'tools'}, themeSwitch())),
      el('dl', {class: 'figures'}, card('Cycles', (t) => t.cycles.total, exact, ''),
         card('Latency', (t) => t.latency_us, (v) => exact(Number(v.toPrecision(5))), 'µs'),
         card('Energy', (t) => t.energy_pj.total, short, unit),
         card('DRAM traffic', (t) => t.dram_bytes, short, 'B'),
         figure(
             'Utilisation', `${percent(a.utilization)} → ${percent(b.utilization)}`, '',
             `bound: ${a.bound} → ${b.bound}`)),
      main, speaker.region, footer(data.schema));
  pairedBars(main, rows, rowFigures, {
    id: 'cycles',
    title: 'Cycles',
    unit: 'cycles',
    value: (l) => l.cycles.total,
    remark: `${exact(a.cycles.total)} → ${exact(b.cycles.total)}`
  });
  pairedBars(main, rows, rowFigures, {
    id: 'energy',
    title: 'Energy',
    unit,
    value: (l) => l.energy_pj.total,
    remark: `${short(a.energy_pj.total)} → ${short(b.energy_pj.total)} ${unit}`
  });
  comparedTable(main, data, rows, unit);
  changedSettings(main, data);
}
