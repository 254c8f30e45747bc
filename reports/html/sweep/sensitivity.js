// How much of each metric's variance each axis explains alone (models/sweep/sensitivity.hpp).
function sensitivityConfig({axes, goals, sensitivity}) {
  const bars = (metric) => axes.map((_, i) => 100 * sensitivity[metric][i].share);
  return {
    type: 'bar',
    data: {
      labels: axes.map((one) => shorten(one.label, 28)),
      datasets: goals.map((goal, metric) => ({
                            label: goal.label,
                            data: bars(metric),
                            backgroundColor: fillOf(metric),
                            categoryPercentage: 0.8,
                            barPercentage: 0.95,
                          })),
    },
    options: {
      indexAxis: 'y',
      scales: {
        x: axis({min: 0, max: 100, title: {text: '% of the variance'}}),
        y: axis({grid: {display: false}}),
      },
    },
  };
}

function sensitivityCard(parent, data) {
  const {axes, goals, sensitivity} = data;
  const heads = goals.flatMap((goal) => ['share of ' + goal.label, 'largest mean / smallest']);
  const cells = (i) =>
      sensitivity.flatMap((metric) => [percent(metric[i].share), exact(metric[i].spread)]);
  return chartCard({
    parent,
    id: 'sensitivity',
    title: 'Sensitivity',
    size: 'half',
    height: 90 + axes.length * (14 + 14 * goals.length),
    label: 'Share of the variance of the logarithm of each metric that each axis explains alone.',
    note: 'The share of the variance of a metric\'s logarithm that an axis explains alone; what ' +
        'all leave of 100 % is due to axes acting together.',
    config: sensitivityConfig(data),
    legend: fillLegend,
    table: {
      headers: ['axis', ...heads],
      rows: () => axes.map((one, i) => [one.label, ...cells(i)]),
    },
  });
}
