// From a dimension's values to pixels and back, and the marks on its line.

// Fraction 0 to 1 of the way from the least value to the most.
function fractionOf(dimension, value) {
  const {least, most, log} = dimension;
  if (!(most > least)) return 0.5;
  return log ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
}
function valueAt(dimension, fraction) {
  const {least, most, log} = dimension;
  if (!(most > least)) return least;
  return log ? least * (most / least) ** fraction : least + fraction * (most - least);
}

// Round values between `least` and `most`, about `wanted` of them: of a logarithmic scale 1, 2 and
// 5 times powers of ten, or those powers alone, or even steps where it is shorter than a decade.
function roundValues(least, most, log, wanted) {
  if (log && most / least >= 5) {
    const low = Math.floor(Math.log10(least)), high = Math.ceil(Math.log10(most));
    const factors = high - low <= 3 ? [1, 2, 5] : [1];
    const every = Math.max(1, Math.ceil((high - low) * factors.length / (2 * wanted)));
    const values = [];
    for (let power = low; power <= high; power += every) {
      for (const factor of factors) values.push(factor * 10 ** power);
    }
    return values.filter((value) => value >= least && value <= most);
  }
  const rough = (most - least) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const values = [];
  for (let i = Math.ceil(least / step); i * step <= most; i += 1) values.push(i * step);
  return values;
}

// [value, text] of a dimension's marks, no more than fit.
function marksOf(dimension, wanted) {
  if (dimension.axis) {
    const every = Math.max(1, Math.ceil(dimension.marks.length / wanted));
    return dimension.marks.map((text, i) => [i, shorten(text, 14)])
        .filter((_, i) => i % every === 0);
  }
  if (!varies(dimension)) return [[dimension.least, short(dimension.least)]];
  return roundValues(dimension.least, dimension.most, dimension.log, wanted)
      .map((value) => [value, short(value)]);
}

// A scale for drawing: from a little below the least value to a little above the most.
function scaleFor(dimension, from, to) {
  const edge = 0.03 * (to - from);
  const start = from + edge, length = to - from - 2 * edge;
  return {
    place: (value) => start + fractionOf(dimension, value) * length,
    value: (pixel) => valueAt(dimension, (pixel - start) / length),
    marks: (wanted) =>
        marksOf(dimension, wanted)
            .map(([value, text]) => [start + fractionOf(dimension, value) * length, text]),
  };
}
