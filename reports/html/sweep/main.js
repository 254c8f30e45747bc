// Puts the page of a sweep together.
function figureTiles(data) {
  const tile = (name, value, note) =>
      el('div', {class: 'figure'}, el('dt', {}, name), el('dd', {}, value),
         note && el('dd', {class: 'note'}, note));
  const shown = data.count < data.done - data.failed ?
      `${whole.format(data.count)} of them are drawn: the front, the best and a sample` :
      '';
  return el(
      'dl', {class: 'figures'}, tile('points', whole.format(data.done), shown),
      tile('failed', whole.format(data.failed)),
      tile('on the Pareto front', whole.format(data.front_points)),
      data.goals.map((goal) => tile('least ' + goal.label, short(goal.least))));
}

// How many points are chosen and by what; a button that chooses all again.
function filterBar(data, filter) {
  const text = el('span', {id: 'chosen', 'aria-live': 'polite'});
  const button =
      el('button', {type: 'button', id: 'clear', onclick: () => filter.clear()}, 'Clear');
  const fill = () => {
    text.textContent = [
      `${whole.format(filter.count)} of ${whole.format(data.count)} points chosen`,
      ...filter.words()
    ].join('; ');
    button.disabled = filter.ranges.size === 0;
  };
  filter.listeners.push(fill);
  fill();
  return el('div', {class: 'filter'}, text, button);
}

function showSweep(data) {
  const filter = makeFilter(data), colours = makeColours(data);
  const app = document.getElementById('app'), main = el('main', {});
  const states = `${data.engine}, ${data.axes.length} axes`;
  app.append(
      el('header', {},
         el('div', {class: 'titles'}, el('h1', {}, data.name), el('p', {}, 'Sweep, ' + states)),
         el('div', {class: 'tools'}, themeSwitch())),
      figureTiles(data));
  const shown = {filter, colours};
  if (data.count > 0) {
    colours.dimension = data.axes.find(varies) || data.goals[0];
    app.append(filterBar(data, filter), main);
    shown.scatter = scatterCard(main, data, filter, colours);
    shown.parallel = parallelCard(main, data, filter, colours);
    colours.set(colours.dimension);
    bestCards(main, data, filter);
    sensitivityCard(main, data);
  } else {
    app.append(main);
  }
  specificationCard(main, data);
  if (data.count > 0) pointTable(main, data, filter);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') filter.clear();
  });
  app.append(speaker.region, footer('ridgeline.sweep/1'));
  return shown;
}

startTheme();
Chart.defaults.font.family =
    'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const sweep = readSweep();
// For scripts that look at the page: nothing in it depends on this.
window.ridgeline = {
  charts,
  select,
  sweep,
  ...showSweep(sweep)
};
