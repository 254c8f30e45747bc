// Which page this is follows from the data that it holds.
startTheme();
Chart.defaults.font.family =
    'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const run = readData('run');
const comparison = readData('comparison');
if (run) showReport(run, readData('view'));
if (comparison) showComparison(comparison);
// For scripts that look at the page: nothing in it depends on this.
window.ridgeline = {
  charts,
  select,
  run,
  comparison
};
