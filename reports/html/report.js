// The report of one run: what stands where.

// Every figure of a layer, for tips and screen readers.
function layerFigures(report, view) {
  return (i) => {
    const layer = report.layers[i];
    const levels = view.roofline.levels.filter((level) => level.macs_per_byte[i] !== null);
    const share = (part, all) => (all > 0 ? ` (${percent(part / all)})` : '');
    const causes = partsOf(layer.cycles).filter((key) => layer.cycles[key] > 0);
    const {energy_pj: energy, bytes, shape: s} = layer;
    return [
      ['operation', `${view.ops[i]}, ${layer.dataflow}`],
      ['shape', `${s.C}×${s.H}×${s.W} → ${s.M}×${s.P}×${s.Q}`],
      ['MACs', exact(layer.macs)],
      ['skipped', layer.macs_skipped > 0 ? exact(layer.macs_skipped) : null],
      ['cycles', exact(layer.cycles.total) + share(layer.cycles.total, report.total.cycles.total)],
      ...causes.map(
          (key) =>
              ['  ' + words(key),
               exact(layer.cycles[key]) + share(layer.cycles[key], layer.cycles.total)]),
      ['utilisation', percent(layer.utilization)],
      ['bound by', view.bounds[i]],
      [
        'of its roof',
        `${view.percent_of_roof[i].toFixed(1)} %, ${
            exact(Math.round(view.headroom_cycles[i]))} cycles above`
      ],
      [
        'attained',
        view.roofline.attained[i] > 0 ? `${short(view.roofline.attained[i])} MACs/cycle` : null
      ],
      ...levels.map((level) => [`MACs/B, ${level.label}`, short(level.macs_per_byte[i])]),
      ['DRAM bytes', `${short(bytes.dram_read)} in, ${short(bytes.dram_write)} out`],
      ['buffer bytes', `${short(bytes.glb_read)} read, ${short(bytes.glb_write)} written`],
      [
        'energy',
        `${short(energy.total)} ${view.energy_unit}${
            share(energy.total, report.total.energy_pj.total)}`
      ],
      ...partsOf(energy)
          .filter((key) => energy[key] > 0)
          .map((key) => ['  ' + words(key), short(energy[key]) + share(energy[key], energy.total)]),
    ].filter((row) => row[1] !== null);
  };
}

function headline(report) {
  const {total, network, arch} = report;
  return el(
      'header', {},
      el('div', {class: 'titles'}, el('h1', {}, `${network.name} on ${arch.name}`),
         el('p', {},
            [
              `${report.precision}, ${
                  report.engine === 'simulate' ?
                      'simulated in SystemC' :
                      report.engine}, dataflow ${report.dataflow}, objective ${report.objective}`,
              `${arch.pe_array.rows} × ${arch.pe_array.cols} PEs, ${
                  exact(arch.global_buffer.bytes / 1024)} KiB buffer, DRAM ${
                  exact(arch.dram.bytes_per_cycle)} B/cycle, ${exact(arch.clock_mhz)} MHz`,
              `${exact(report.layers.length)} layers, ${short(total.macs)} MACs, ${
                  short(network.parameters)} parameters`,
            ].join(' · '))),
      el('div', {class: 'tools'},
         el('button', {
           type: 'button',
           onclick: () =>
               saveText(`${network.name}@${arch.name}.json`, JSON.stringify(report, null, 1))
         },
            'Save JSON'),
         themeSwitch()));
}

function saveText(name, text) {
  const address = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
  el('a', {href: address, download: name.replaceAll('/', '_')}).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// A figure of the first row: name, value, unit, remark.
function figure(name, value, unit, note, good) {
  return el(
      'div', {class: 'figure'}, el('dt', {}, name),
      el('dd', {}, value, unit && el('small', {}, ' ' + unit),
         note &&
             el('div',
                {class: 'note' +
                     (good === undefined ? '' :
                          good           ? ' good' :
                                           ' bad')},
                note)));
}

function figures(report, view) {
  const {total} = report;
  const us = total.latency_us;
  const [peak, ...losses] = view.waterfall.total;
  const most =
      view.waterfall.losses.map((_, i) => i).reduce((a, b) => (losses[b] > losses[a] ? b : a));
  const costly =
      partsOf(total.energy_pj).reduce((a, b) => (total.energy_pj[b] > total.energy_pj[a] ? b : a));
  const checked = report.layers.filter((layer) => layer.check.compared > 0).length;
  const bytes = total.bytes.dram_read + total.bytes.dram_write;
  return el(
      'dl', {class: 'figures'},
      figure(
          'Latency',
          us >= 1000 ? exact(Number((us / 1000).toPrecision(4))) : exact(Number(us.toPrecision(4))),
          us >= 1000 ? 'ms' : 'µs', `${exact(total.cycles.total)} cycles`),
      figure(
          'Utilisation', percent(total.utilization), '',
          `largest loss: ${view.waterfall.losses[most][1]}, ${
              percent(losses[most] / Math.max(1, peak))}`),
      figure(
          'Energy', short(total.energy_pj.total), view.energy_unit,
          `${words(costly)}: ${percent(total.energy_pj[costly] / total.energy_pj.total)}`),
      figure(
          'DRAM traffic', short(bytes), 'B',
          `${short(total.bytes.dram_read)}B in, ${short(total.bytes.dram_write)}B out`),
      figure(
          'Bound', view.total_bound, '', `${view.total_percent_of_roof.toFixed(1)} % of its roof`),
      total.check.compared === 0 ?
          figure('Check', 'none', '', 'run without data') :
          figure(
              'Check', total.check.mismatches === 0 ? 'passed' : 'FAILED', '',
              total.check.mismatches === 0 ?
                  `${checked} of ${report.layers.length} layers as the reference has them` :
                  `${exact(total.check.mismatches)} of ${
                      exact(total.check.compared)} elements differ`,
              total.check.mismatches === 0));
}

// What a layer is: its place, operation and shape, which a total has not.
function placeColumns(report, view) {
  const index = new Map(report.layers.map((layer, i) => [layer, i]));
  return [
    {
      header: '#',
      value: (l) => (index.has(l) ? index.get(l) + 1 : 0),
      total: '',
      title: 'Order of execution'
    },
    {header: 'operation', value: (l) => (index.has(l) ? view.ops[index.get(l)] : ''), total: ''},
    {header: 'dataflow', value: (l) => l.dataflow, total: ''},
    {
      header: 'ifmap',
      value: (l) => (l.shape ? `${l.shape.C}×${l.shape.H}×${l.shape.W}` : ''),
      total: ''
    },
    {
      header: 'ofmap',
      value: (l) => (l.shape ? `${l.shape.M}×${l.shape.P}×${l.shape.Q}` : ''),
      total: ''
    },
  ];
}

// The columns of the table of layers; the total is a layer without a place.
function layerColumns(report, view) {
  const most = (value) => Math.max(...report.layers.map(value), 0) || 1;
  const mostCycles = most((l) => l.cycles.total), mostEnergy = most((l) => l.energy_pj.total);
  const index = new Map(report.layers.map((layer, i) => [layer, i]));
  const dram = (l) => l.bytes.dram_read + l.bytes.dram_write;
  const glb = (l) => l.bytes.glb_read + l.bytes.glb_write;
  return [
    {header: 'layer', value: (l) => l.name},
    ...placeColumns(report, view),
    {header: 'MACs', value: (l) => l.macs},
    {
      header: 'cycles',
      value: (l) => l.cycles.total,
      bar: (l) => l.cycles.total / mostCycles,
      colour: 0
    },
    {
      header: 'latency µs',
      value: (l) => l.latency_us,
      text: (v) => exact(Number(v.toPrecision(5)))
    },
    {header: 'utilisation', value: (l) => l.utilization, text: (v) => percent(v)},
    {
      header: 'bound by',
      value: (l) => (index.has(l) ? view.bounds[index.get(l)] : view.total_bound)
    },
    {
      header: '% of roof',
      value: (l) =>
          (index.has(l) ? view.percent_of_roof[index.get(l)] : view.total_percent_of_roof),
      text: (v) => v.toFixed(1)
    },
    {header: 'MACs / DRAM B', value: (l) => l.roofline.macs_per_dram_byte, text: (v) => short(v)},
    {header: 'DRAM bytes', value: dram},
    {header: 'buffer bytes', value: glb},
    {
      header: 'energy',
      title: 'Energy in ' + view.energy_unit,
      value: (l) => l.energy_pj.total,
      text: (v) => short(v),
      bar: (l) => l.energy_pj.total / mostEnergy,
      colour: 3
    },
    {
      header: 'check',
      value: (l) =>
          (l.check.compared === 0       ? 'none' :
               l.check.mismatches === 0 ? 'ok' :
                                          `${exact(l.check.mismatches)} bad`),
      text: (v) =>
          el('span',
             {class: v === 'ok' ? 'good' :
                  v === 'none'  ? undefined :
                                  'bad'},
             v)
    },
  ];
}

function showReport(report, view) {
  const main = el('main', {});
  const rows = layerFigures(report, view);
  document.title = `${report.network.name} on ${report.arch.name}`;
  document.getElementById('app').append(
      headline(report), figures(report, view), main, speaker.region, footer(report.schema));
  rooflineChart(main, report, view, rows);
  energyRooflineChart(main, report, view, rows);
  latencyBars(main, report, rows);
  energyBars(main, report, view, rows);
  waterfallChart(main, report, view);
  heatChart(main, report, view);
  layerTable(main, {
    caption: 'Every layer and the total',
    columns: layerColumns(report, view),
    rows: report.layers,
    total: report.total,
    remark: 'Click a heading to sort, a row to keep it marked; Esc lets go.'
  });
  settingsCard(main, report);
}
