// Small helpers that every part of the page uses: elements, numbers, the data of the page.
// Names come from users' files. They enter the page through textContent and canvas text only.

// The data block of the page that is called `id`, or null. It is packed: objects are lists of the
// number of their keys and their values, lists begin with -1 (Packer in reports/html.cpp).
function readData(id) {
  const block = document.getElementById(id);
  if (!block) return null;
  const {shapes, value} = JSON.parse(block.textContent);
  const unpack = (item) => {
    if (!Array.isArray(item)) return item;
    const [shape, ...values] = item;
    if (shape < 0) return values.map(unpack);
    return Object.fromEntries(shapes[shape].map((key, i) => [key, unpack(values[i])]));
  };
  return unpack(value);
}

// An element: el('p', { class: 'note', onclick: f }, child, 'text', ...).
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on'))
      element.addEventListener(name.slice(2), value);
    else
      element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

const whole = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
const sixDigits = new Intl.NumberFormat('en-US', {maximumSignificantDigits: 6});

// Three significant digits with k, M, G, T: 1234567 -> "1.23M"; small whole numbers as they are.
function short(value) {
  if (!Number.isFinite(value)) return 'n/a';
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(2);
  if (size < 1000)
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
  const units = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
  let step = Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
  let scaled = Number((value / 1000 ** step).toPrecision(3));
  if (Math.abs(scaled) >= 1000 && step + 1 < units.length) {
    step += 1;
    scaled = Number((value / 1000 ** step).toPrecision(3));
  }
  return scaled + units[step];
}

// Every digit of whole numbers, thousands apart; six significant digits of others.
function exact(value) {
  if (typeof value !== 'number') return String(value);
  if (!Number.isFinite(value)) return 'n/a';
  if (Number.isInteger(value) || Math.abs(value) >= 1e6) return whole.format(value);
  return Math.abs(value) < 1e-4 ? value.toExponential(3) : sixDigits.format(value);
}

function percent(fraction, digits = 1) {
  return Number.isFinite(fraction) ? (100 * fraction).toFixed(digits) + ' %' : 'n/a';
}

// At most `most` characters, the middle left out.
function shorten(text, most) {
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return characters.slice(0, head).join('') + '…' +
      characters.slice(characters.length - (most - 1 - head)).join('');
}

// A key of the report in words: "fill_drain" -> "fill and drain".
const kWords = {
  fill_drain: 'fill and drain',
  stationary_load: 'stationary load',
  glb_stall: 'buffer stall',
  dram_stall: 'DRAM stall',
  vector_stall: 'vector unit',
  mac: 'MAC',
  rf: 'register file',
  noc: 'interconnect',
  glb: 'global buffer',
  dram: 'DRAM',
  vector: 'vector unit',
};
function words(key) {
  return kWords[key] || key.replaceAll('_', ' ');
}

// The keys of `object` but `total`, in their order.
function partsOf(object) {
  return Object.keys(object).filter((key) => key !== 'total');
}

// Below every page.
function footer(schema) {
  return el(
      'footer', {}, 'Made by Ridgeline, ', schema,
      '. Charts: Chart.js ' + Chart.version +
          ', MIT licence. This file loads nothing from elsewhere.');
}

// A function, or a method that is given its object, which acts once a frame, however often it is
// called in between.
function onceAFrame(act) {
  let waiting = false;
  return function() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      act(this);
    });
  };
}
