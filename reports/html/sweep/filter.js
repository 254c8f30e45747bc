function keepBetween(chosen, values, from, to) {
  for (let row = 0; row < chosen.length; row += 1) {
    if (values[row] < from || values[row] > to) chosen[row] = 0;
  }
}
function sumOf(ones) {
  let count = 0;
  for (let row = 0; row < ones.length; row += 1) count += ones[row];
  return count;
}

// "rows 8 to 16", for people.
function rangeText(dimension, [from, to]) {
  const text = dimension.axis ? (place) => dimension.marks[place] ?? 'none' : short;
  const ends = dimension.axis ? [Math.ceil(from), Math.floor(to)] : [from, to];
  return `${dimension.label} ${text(ends[0])} to ${text(ends[1])}`;
}

// Which points are chosen: those inside every range that the reader has drawn. Ranges are kept by
// dimension, [from, to] in its values.
function makeFilter(data) {
  return {
    ranges: new Map(),
    chosen: new Uint8Array(data.count).fill(1),
    count: data.count,
    listeners: [],

    set(dimension, range) {
      if (range) {
        this.ranges.set(dimension, range[0] <= range[1] ? range : [range[1], range[0]]);
      } else {
        this.ranges.delete(dimension);
      }
      this.tell();
    },
    clear() {
      if (this.ranges.size === 0) return;
      this.ranges.clear();
      this.tell();
    },
    // However fast the pointer draws.
    tell: onceAFrame((filter) => {
      filter.apply();
      for (const listener of filter.listeners) listener();
    }),
    apply() {
      const {chosen} = this;
      chosen.fill(1);
      for (const [{values}, [from, to]] of this.ranges) keepBetween(chosen, values, from, to);
      this.count = sumOf(chosen);
    },
    words() {
      return Array.from(this.ranges, ([dimension, range]) => rangeText(dimension, range));
    },
  };
}
