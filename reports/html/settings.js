// The resolved configuration: every key of the architecture and of the run, as the report has it.

function settingText(value) {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? exact(value) : String(value);
}

function section(title, object, prose) {
  const rows = Object.entries(object).filter(
      ([, value]) => value !== null && (typeof value !== 'object' || Array.isArray(value)));
  if (rows.length === 0) return null;
  const lines = rows.flatMap(([key, value]) => {
    const texts = prose && Array.isArray(value) ? value : [settingText(value)];
    return texts.map(
        (text, i) => [el('dt', {}, i === 0 ? key.replaceAll('_', ' ') : ''), el('dd', {}, text)]);
  });
  return el(
      'section', {}, el('h3', {}, title), el('dl', {class: prose ? 'prose' : undefined}, lines));
}

function settingsCard(parent, report) {
  const {arch} = report;
  const scalars = (object, without) =>
      Object.fromEntries(Object.entries(object).filter(([key]) => !without.includes(key)));
  const blocks = Object.entries(arch).filter(
      ([, value]) => value !== null && typeof value === 'object' && !Array.isArray(value));
  const run = scalars(report, ['layers', 'total', 'arch', 'network', 'schema', 'classes']);
  const card =
      el('section', {class: 'card settings-card', 'aria-label': 'Resolved configuration'},
         el('div', {class: 'head'}, el('h2', {}, 'Resolved configuration')),
         el('div', {class: 'settings'}, section('run', {...run, ...(report.calibration || {})}),
            section('network', {...report.network, input: report.network.input.join(' × ')}),
            section('machine', scalars(arch, ['source', 'assumptions', 'summary'])),
            blocks.map(
                ([name, value]) => section(name.replaceAll('_', ' '), scalars(value, ['source']))),
            section(
                'sources', {
                  summary: arch.summary || '',
                  source: arch.source || [],
                  energy: arch.energy.source || ''
                },
                true),
            section('assumptions', {assumed: arch.assumptions || []}, true)));
  parent.append(card);
}
