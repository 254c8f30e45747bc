// The resolved configuration: every key of the architecture and of the run, as the report has it.

function settingText(value) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? exact(value) : String(value);
}

// [name, text] of every value below `value`; items of a list of objects go by their own names.
function flatSettings(value, path) {
  if (value === null) return [];
  if (typeof value !== 'object') return [[path.join(' ').replaceAll('_', ' '), settingText(value)]];
  const isPlain = (item) => item === null || typeof item !== 'object';
  if (Array.isArray(value) && value.every(isPlain)) {
    return flatSettings(value.map(settingText).join(', '), path);
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const {action, name, ...rest} = Array.isArray(value) && !isPlain(item) ? item : {};
    const own = action ?? name;
    return own === undefined ? flatSettings(item, [...path, key]) :
                               flatSettings(rest, [...path, own]);
  });
}

function section(title, object) {
  const rows = flatSettings(object, []);
  if (rows.length === 0) return null;
  return el(
      'section', {}, el('h3', {}, title),
      el('dl', {}, rows.map(([name, text]) => [el('dt', {}, name), el('dd', {}, text)])));
}

// Paragraphs, such as where the numbers come from.
function prose(title, texts) {
  const said = texts.flat().filter(Boolean);
  if (said.length === 0) return null;
  return el(
      'section', {class: 'prose'}, el('h3', {}, title), said.map((text) => el('p', {}, text)));
}

function settingsCard(parent, report) {
  const {arch} = report;
  const without = (object, names) =>
      Object.fromEntries(Object.entries(object).filter(([key]) => !names.includes(key)));
  const isBlock = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
  const blocks = Object.entries(arch).filter(([, value]) => isBlock(value));
  const machine = Object.fromEntries(Object.entries(arch).filter(([, value]) => !isBlock(value)));
  const run = without(report, ['layers', 'total', 'arch', 'network', 'schema', 'classes']);
  const card =
      el('section', {class: 'card settings-card', 'aria-label': 'Resolved configuration'},
         el('div', {class: 'head'}, el('h2', {}, 'Resolved configuration')),
         el('div', {class: 'settings'}, section('run', run), section('network', report.network),
            section('machine', without(machine, ['source', 'assumptions', 'summary'])),
            blocks.map(
                ([name, value]) => section(name.replaceAll('_', ' '), without(value, ['source']))),
            prose('sources', [arch.summary, arch.source, arch.energy.source]),
            prose('assumptions', [arch.assumptions])));
  parent.append(card);
}
