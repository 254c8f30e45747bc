// Colours and patterns. The colours are those of Okabe and Ito, which people with any colour vision
// tell apart; each category has a pattern or a shape of its own beside it.

const kPalette =
    ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#f0e442', '#8c8c8c'];
const kShapes = ['circle', 'triangle', 'rect', 'rectRot', 'star', 'crossRot', 'cross', 'dash'];

// How a pattern's strokes lie in a tile of 8 x 8: none, \, dots, /, |, -, x, +.
const kStrokes = [
  [],
  [[-2, -2, 10, 10], [-2, 6, 2, 10], [6, -2, 10, 2]],
  'dots',
  [[-2, 10, 10, -2], [-2, 2, 2, -2], [6, 10, 10, 6]],
  [[2, -1, 2, 9], [6, -1, 6, 9]],
  [[-1, 2, 9, 2], [-1, 6, 9, 6]],
  [[-1, -1, 9, 9], [-1, 9, 9, -1]],
  [[4, -1, 4, 9], [-1, 4, 9, 4]],
];

const patterns = new Map();

// Fill of category `index`: its colour with its pattern on top.
function fillOf(index) {
  const which = index % kPalette.length;
  if (patterns.has(which)) return patterns.get(which);
  const tile = el('canvas', {width: 8, height: 8});
  const context = tile.getContext('2d');
  context.fillStyle = kPalette[which];
  context.fillRect(0, 0, 8, 8);
  context.strokeStyle = context.fillStyle =
      which === 6 ? 'rgba(0, 0, 0, .4)' : 'rgba(255, 255, 255, .6)';
  context.lineWidth = 1.2;
  if (kStrokes[which] === 'dots') {
    for (const [x, y] of [[2, 2], [6, 6]]) {
      context.beginPath();
      context.arc(x, y, 1.1, 0, 7);
      context.fill();
    }
  } else {
    for (const [x0, y0, x1, y1] of kStrokes[which]) {
      context.beginPath();
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
      context.stroke();
    }
  }
  patterns.set(which, context.createPattern(tile, 'repeat'));
  return patterns.get(which);
}

// Value 0 to 1 as a colour: cividis (Nunez, Anderton and Renslow, PLOS ONE 13(7), 2018).
const kCividis = [
  [0, 34, 78], [18, 53, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115], [138, 134, 120],
  [165, 156, 116], [195, 179, 105], [225, 204, 85], [254, 232, 56]
];
function heatColour(value) {
  const at = Math.min(1, Math.max(0, value)) * (kCividis.length - 1);
  const low = Math.min(kCividis.length - 2, Math.floor(at));
  const mix =
      kCividis[low].map((from, i) => Math.round(from + (at - low) * (kCividis[low + 1][i] - from)));
  return `rgb(${mix.join(',')})`;
}

// The page's colours as they are now; canvas has no variables of its own.
let ink = {};
function readInk() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ['card', 'ink', 'soft', 'line', 'grid', 'mark']) {
    ink[name] = style.getPropertyValue('--' + name).trim();
  }
}

const themeListeners = [];
let themeChosen = null;  // 'light' or 'dark' once the reader has said so
const prefersDark = window.matchMedia('(prefers-color-scheme: dark)');

function applyTheme(name) {
  document.documentElement.dataset.theme = name;
  readInk();
  for (const listener of themeListeners) listener();
}

function currentTheme() {
  return themeChosen || (prefersDark.matches ? 'dark' : 'light');
}

function themeSwitch() {
  const button = el('button', {type: 'button', id: 'theme'});
  const label = () => {
    const dark = document.documentElement.dataset.theme === 'dark';
    button.textContent = dark ? '☀ Light' : '☾ Dark';
    button.setAttribute('aria-label', dark ? 'Use light colours' : 'Use dark colours');
  };
  button.addEventListener('click', () => {
    themeChosen = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    applyTheme(themeChosen);
  });
  themeListeners.push(label);
  label();
  return button;
}

function startTheme() {
  applyTheme(currentTheme());
  prefersDark.addEventListener('change', () => applyTheme(currentTheme()));
  // Paper is white.
  window.addEventListener('beforeprint', () => applyTheme('light'));
  window.addEventListener('afterprint', () => applyTheme(currentTheme()));
}
