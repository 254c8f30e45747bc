// What colours mean: a dimension that the reader chooses. Figures and numbers go through cividis,
// names have a colour each, while there are enough.
const kSteps = 64;

function parseColour(text) {
  const context = el('canvas', {width: 1, height: 1}).getContext('2d', {willReadFrequently: true});
  context.fillStyle = text;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}

function makeColours(data) {
  const colours = {
    listeners: [],
    // Which of `palette` each row has.
    of: new Uint8Array(data.count),
    palette: [],
    set(dimension) {
      this.dimension = dimension;
      this.named = dimension.axis && !dimension.number && dimension.marks.length <= kPalette.length;
      this.palette = this.named ?
          dimension.marks.map((_, i) => kPalette[i]) :
          Array.from({length: kSteps}, (_, i) => heatColour(i / (kSteps - 1)));
      const {values} = dimension;
      for (let row = 0; row < values.length; row += 1) {
        this.of[row] = this.named ? values[row] :
                                    Math.round(fractionOf(dimension, values[row]) * (kSteps - 1));
      }
      for (const listener of this.listeners) listener();
    },
  };
  return colours;
}

// The key to the colours, which follows them.
function colourKey(colours) {
  const box = el('div', {class: 'scale'});
  const fill = () => {
    const {dimension, named, palette} = colours;
    if (named) {
      box.replaceChildren(...dimension.marks.map((text, i) => {
        const swatch = el('i', {class: 'swatch'});
        swatch.style.background = palette[i];
        return el('span', {class: 'named'}, swatch, shorten(text, 24));
      }));
      return;
    }
    const bar = el('canvas', {width: kSteps, height: 1, 'aria-hidden': 'true'});
    const context = bar.getContext('2d');
    palette.forEach((colour, i) => {
      context.fillStyle = colour;
      context.fillRect(i, 0, 1, 1);
    });
    const end = (which) => dimension.axis ?
        shorten(dimension.marks[which === 'least' ? 0 : dimension.marks.length - 1], 24) :
        short(dimension[which]);
    box.replaceChildren(
        dimension.label, el('span', {}, end('least')), bar, el('span', {}, end('most')));
  };
  colours.listeners.push(fill);
  return box;
}
