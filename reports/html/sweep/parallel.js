// Parallel coordinates: a vertical line for each axis of the sweep and each figure that the front
// weighs. Between two lines, points with the same places on both share one stroke, so that the
// picture is never more than some ten thousand strokes; it has the colour of the best of them.
const kBins = 120;  // places on the line of a figure
const kMargin = {
  left: 60,
  right: 60,
  top: 44,
  bottom: 16
};

// The place of every row on a dimension's line, 0 to bins - 1.
function binned(dimension, count) {
  const levels = dimension.axis ? dimension.marks.length : kBins;
  const bins = Math.max(1, Math.min(kBins, levels));
  const place = new Uint16Array(count);
  for (let row = 0; row < count; row += 1) {
    place[row] = Math.round(fractionOf(dimension, dimension.values[row]) * (bins - 1));
  }
  return {dimension, bins, place};
}

// The strokes between two lines: [place on the left, on the right, how many rows, the best row],
// the best last, so that it is on top. `goal` says which is better.
function strokesBetween(left, right, chosen, goal) {
  const counts = new Uint32Array(left.bins * right.bins);
  const best = new Int32Array(counts.length).fill(-1);
  for (let row = 0; row < chosen.length; row += 1) {
    if (!chosen[row]) continue;
    const key = left.place[row] * right.bins + right.place[row];
    counts[key] += 1;
    if (best[key] < 0 || goal[row] < goal[best[key]]) best[key] = row;
  }
  const strokes = [];
  counts.forEach((rows, key) => {
    if (rows > 0) strokes.push([Math.floor(key / right.bins), key % right.bins, rows, best[key]]);
  });
  return strokes.sort((a, b) => goal[b[3]] - goal[a[3]]);
}

function allStrokes(lines, chosen, goal) {
  return lines.slice(1).map((right, i) => strokesBetween(lines[i], right, chosen, goal));
}

// Where things are: x of a line, y of a fraction of it, and back.
function parallelPlaces(count, width, height) {
  const across = width - kMargin.left - kMargin.right;
  const up = height - kMargin.top - kMargin.bottom;
  return {
    x: (line) => kMargin.left + across * (count > 1 ? line / (count - 1) : 0.5),
    y: (fraction) => height - kMargin.bottom - fraction * up,
    fraction: (y) => (height - kMargin.bottom - y) / up,
    gap: across / Math.max(1, count - 1),
  };
}

// Strokes of one colour in one path: the software that draws them is quickest so.
function drawStrokes(context, state, strokes, colourOf, widthOf) {
  const {lines, at} = state;
  const end =
      (line, bin) => [at.x(line), at.y(lines[line].bins > 1 ? bin / (lines[line].bins - 1) : 0.5)];
  strokes.forEach((gap, i) => {
    let colour = null, width = null;
    for (const [left, right, rows, best] of gap) {
      const nextColour = colourOf(best), nextWidth = widthOf(rows);
      if (nextColour !== colour || nextWidth !== width) {
        if (colour !== null) context.stroke();
        [colour, width] = [nextColour, nextWidth];
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.beginPath();
      }
      context.moveTo(...end(i, left));
      context.lineTo(...end(i + 1, right));
    }
    if (colour !== null) context.stroke();
  });
}

// The line of one row.
function drawRow(context, {lines, at}, row) {
  context.beginPath();
  lines.forEach(({dimension}, i) => {
    context.lineTo(at.x(i), at.y(fractionOf(dimension, dimension.values[row])));
  });
  context.stroke();
}

function drawLines(context, state, height) {
  const {lines, at, filter, focus} = state;
  lines.forEach(({dimension}, i) => {
    const x = at.x(i), range = filter.ranges.get(dimension);
    context.strokeStyle = ink.soft;
    context.lineWidth = i === focus ? 2.5 : 1;
    context.beginPath();
    context.moveTo(x, at.y(0));
    context.lineTo(x, at.y(1));
    context.stroke();
    if (range) {
      const [low, high] =
          range.map((value) => at.y(Math.max(-0.04, Math.min(1.04, fractionOf(dimension, value)))));
      context.fillStyle = context.strokeStyle = kPalette[5];
      context.globalAlpha = 0.3;
      context.fillRect(x - 7, high, 14, low - high);
      context.globalAlpha = 1;
      context.lineWidth = 1;
      context.strokeRect(x - 7, high, 14, low - high);
    }
    drawMarks(context, state, dimension, i, height);
  });
}

// Names above, in two rows where they are close; values to the left, on a ground of their own.
function drawMarks(context, {lines, at}, dimension, i, height) {
  const x = at.x(i), last = lines.length - 1;
  context.textAlign = i === 0 ? 'left' : i === last ? 'right' : 'center';
  context.fillStyle = ink.ink;
  const room = Math.max(8, Math.floor(2 * at.gap / 6.2));
  const nameX = i === 0 ? 2 : i === last ? x + kMargin.right - 2 : x;
  context.fillText(shorten(dimension.label, room), nameX, i % 2 === 0 ? 12 : 27);
  context.textAlign = 'right';
  for (const [value, text] of marksOf(dimension, height / 26)) {
    const y = at.y(fractionOf(dimension, value)), wide = context.measureText(text).width;
    context.globalAlpha = 0.75;
    context.fillStyle = ink.card;
    context.fillRect(x - 10 - wide, y - 7, wide + 4, 13);
    context.globalAlpha = 1;
    context.fillStyle = ink.soft;
    context.fillText(text, x - 8, y + 4);
    context.fillRect(x - 4, y - 0.5, 4, 1);
  }
}

// The layer of strokes, which stays while only a row is looked at.
function strokeLayer(state, width, height, ratio) {
  const {filter, colours, data, lines} = state;
  const layer =
      el('canvas', {width: Math.round(width * ratio), height: Math.round(height * ratio)});
  const context = layer.getContext('2d');
  context.scale(ratio, ratio);
  context.font = state.font;
  context.fillStyle = ink.card;
  context.fillRect(0, 0, width, height);
  const goal = data.goals[0].values;
  if (filter.count < data.count) drawStrokes(context, state, state.all, () => ink.grid, () => 1);
  const strokes = filter.count < data.count ? allStrokes(lines, filter.chosen, goal) : state.all;
  context.globalAlpha = 0.7;
  drawStrokes(
      context, state, strokes, (best) => colours.palette[colours.of[best]],
      (rows) => rows > filter.count / 50 ? 2 : 1);
  context.globalAlpha = 1;
  context.strokeStyle = ink.ink;
  context.lineWidth = 1;
  context.setLineDash([4, 3]);
  data.front.filter((row) => filter.chosen[row])
      .slice(0, 100)
      .forEach((row) => drawRow(context, state, row));
  context.setLineDash([]);
  drawLines(context, state, height);
  return layer;
}

function drawParallel(state, context, width, height, ratio) {
  if (state.stale || state.drawn !== `${width} ${ratio}`) {
    state.at = parallelPlaces(state.lines.length, width, height);
    state.font = context.font;
    state.layer = strokeLayer(state, width, height, ratio);
    state.stale = false;
    state.drawn = `${width} ${ratio}`;
  }
  context.drawImage(state.layer, 0, 0, width, height);
  if (select.layer === null) return;
  context.strokeStyle = ink.ink;
  context.lineWidth = 2.5;
  drawRow(context, state, select.layer);
}
