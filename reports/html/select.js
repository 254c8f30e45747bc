// Which layer is looked at. Pointing or moving the focus shows it everywhere; a click or Enter
// keeps it.

const select = {
  hovered: null,
  pinned: null,
  listeners: [],

  // The layer to mark, or null for the whole network.
  get layer() {
    return this.hovered ?? this.pinned;
  },
  hover(layer) {
    if (layer === this.hovered) return;
    this.hovered = layer;
    this.tell();
  },
  pin(layer) {
    this.pinned = this.pinned === layer ? null : layer;
    this.tell();
  },
  clear() {
    this.hovered = this.pinned = null;
    this.tell();
  },
  // Tells the listeners, however fast the pointer moves.
  tell: onceAFrame((selection) => {
    for (const listener of selection.listeners) listener(selection.layer);
  }),
};

// The box beside the pointer, with a heading and rows of [name, value].
const tip = {
  box: null,
  show(x, y, heading, rows) {
    if (!this.box) {
      this.box = el('div', {id: 'tip', 'aria-hidden': 'true'});
      document.body.append(this.box);
    }
    this.box.replaceChildren(
        el('h3', {}, heading),
        el('dl', {}, rows.map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])));
    this.box.classList.add('shown');
    const {width, height} = this.box.getBoundingClientRect();
    const left = x + 16 + width > innerWidth - 8 ? x - 16 - width : x + 16;
    this.box.style.left = Math.max(8, Math.min(left, innerWidth - 8 - width)) + 'px';
    this.box.style.top = Math.max(8, Math.min(y - height / 2, innerHeight - 8 - height)) + 'px';
  },
  hide() {
    if (this.box) this.box.classList.remove('shown');
  },
};

// What a screen reader says when the keyboard moves to another layer.
const speaker = {
  region: el('div', {class: 'hidden', 'aria-live': 'polite', id: 'speaker'}),
  say(text) {
    this.region.textContent = text;
  },
};

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  tip.hide();
  select.clear();
});
