// The scatter of two figures, one point a row, put into the picture's pixels by hand: a hundred
// thousand of them take some milliseconds. Points outside the selection are grey and below.
const kEdges = {
  left: 62,
  right: 16,
  top: 10,
  bottom: 44
};

// The pixels around the centre of a disc of `radius` pixels, three numbers each: dx, dy, and how
// much of it the disc covers, 0 to 1.
function discPixels(radius) {
  const pixels = [], reach = Math.ceil(radius);
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      const covered = Math.min(1, radius + 0.5 - Math.hypot(dx, dy));
      if (covered > 0) pixels.push(dx, dy, covered);
    }
  }
  return Float64Array.from(pixels);
}

// Puts discs into `image` at the places of those rows whose `chosen` is `which`; row i has the
// colour number of[i] of `palette`.
function putDiscs(image, places, pixels, chosen, which, of, palette) {
  const {data, width, height} = image;
  for (let row = 0; row < chosen.length; row += 1) {
    if (chosen[row] !== which) continue;
    const colour = palette[of ? of[row] : 0];
    const x = Math.round(places.x[row]), y = Math.round(places.y[row]);
    for (let i = 0; i < pixels.length; i += 3) {
      const px = x + pixels[i], py = y + pixels[i + 1], covered = pixels[i + 2];
      if (px < 0 || px >= width || py < 0 || py >= height) continue;
      const at = 4 * (py * width + px);
      data[at] += (colour[0] - data[at]) * covered;
      data[at + 1] += (colour[1] - data[at + 1]) * covered;
      data[at + 2] += (colour[2] - data[at + 2]) * covered;
    }
  }
}

// Marks, lines and names of both axes.
function drawFrame(context, state, width, height) {
  const {x, y, xScale, yScale} = state;
  const right = width - kEdges.right, bottom = height - kEdges.bottom;
  context.fillStyle = ink.card;
  context.fillRect(0, 0, width, height);
  context.strokeStyle = ink.grid;
  context.fillStyle = ink.soft;
  context.lineWidth = 1;
  context.beginPath();
  context.textAlign = 'center';
  for (const [at, text] of xScale.marks(Math.max(2, width / 110))) {
    context.moveTo(Math.round(at) + 0.5, kEdges.top);
    context.lineTo(Math.round(at) + 0.5, bottom);
    context.fillText(text, at, bottom + 15);
  }
  context.textAlign = 'right';
  for (const [at, text] of yScale.marks(Math.max(2, height / 60))) {
    context.moveTo(kEdges.left, Math.round(at) + 0.5);
    context.lineTo(right, Math.round(at) + 0.5);
    context.fillText(text, kEdges.left - 6, at + 4);
  }
  context.stroke();
  context.strokeStyle = ink.line;
  context.strokeRect(kEdges.left + 0.5, kEdges.top + 0.5, right - kEdges.left, bottom - kEdges.top);
  context.textAlign = 'center';
  context.fillText(x.label, (kEdges.left + right) / 2, height - 8);
  context.save();
  context.translate(13, (kEdges.top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(y.label, 0, 0);
  context.restore();
}

// Rows of the front that no other of them beats in the two figures, from left to right; null where
// the front was not made by both. Equal ones are there once.
function frontLine(data, x, y) {
  if (!data.goals.includes(x) || !data.goals.includes(y) || x === y) return null;
  const rows =
      [...data.front].sort((a, b) => x.values[a] - x.values[b] || y.values[a] - y.values[b]);
  let least = Infinity;
  return rows.filter((row) => {
    if (y.values[row] >= least) return false;
    least = y.values[row];
    return true;
  });
}

// The line goes as the limit does: right to the next point, then down to it.
function drawFront(context, state) {
  const {data, line, places, ratio} = state;
  const at = (row) => [places.x[row] / ratio, places.y[row] / ratio];
  context.strokeStyle = ink.ink;
  context.lineWidth = 1.5;
  if (line) {
    context.beginPath();
    let before = null;
    for (const [x, y] of line.map(at)) {
      if (before !== null) context.lineTo(x, before);
      context.lineTo(x, y);
      before = y;
    }
    context.stroke();
  }
  context.lineWidth = 1;
  for (const [x, y] of data.front.map(at)) {
    context.beginPath();
    context.arc(x, y, 4, 0, 7);
    context.stroke();
  }
}

// The layer of points, which stays while only marks on it change.
function pointLayer(state, width, height, ratio) {
  const {data, colours, filter, xScale, yScale, places} = state;
  const layer =
      el('canvas', {width: Math.round(width * ratio), height: Math.round(height * ratio)});
  const context = layer.getContext('2d', {willReadFrequently: true});
  context.scale(ratio, ratio);
  context.font = state.font;
  drawFrame(context, state, width, height);
  for (let row = 0; row < data.count; row += 1) {
    places.x[row] = xScale.place(state.x.values[row]) * ratio;
    places.y[row] = yScale.place(state.y.values[row]) * ratio;
  }
  const image = context.getImageData(0, 0, layer.width, layer.height);
  const radius = data.count > 20000 ? 1.2 : data.count > 2000 ? 2 : 3.5;
  const pixels = discPixels(radius * ratio), {chosen} = filter;
  putDiscs(image, places, pixels, chosen, 0, null, [parseColour(ink.line)]);
  putDiscs(image, places, pixels, chosen, 1, colours.of, colours.palette.map(parseColour));
  context.putImageData(image, 0, 0);
  drawFront(context, state);
  return layer;
}

function drawScatter(state, context, width, height, ratio) {
  if (state.stale || state.drawn !== `${width} ${ratio}`) {
    state.xScale = scaleFor(state.x, kEdges.left, width - kEdges.right);
    state.yScale = scaleFor(state.y, height - kEdges.bottom, kEdges.top);
    state.line = frontLine(state.data, state.x, state.y);
    state.font = context.font;
    state.ratio = ratio;
    state.layer = pointLayer(state, width, height, ratio);
    state.stale = false;
    state.drawn = `${width} ${ratio}`;
  }
  context.drawImage(state.layer, 0, 0, width, height);
  if (state.box) {
    const {x0, y0, x1, y1} = state.box;
    context.fillStyle = context.strokeStyle = kPalette[5];
    context.globalAlpha = 0.15;
    context.fillRect(x0, y0, x1 - x0, y1 - y0);
    context.globalAlpha = 1;
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }
  if (select.layer === null) return;
  context.strokeStyle = ink.ink;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(state.places.x[select.layer] / ratio, state.places.y[select.layer] / ratio, 7, 0, 7);
  context.stroke();
}
