#include "models/cost/analytic/segments.hpp"

namespace ridgeline::analytic {
namespace {

Range block_at(Range range, int index, int size) {
  return {range.begin + index * size, std::min(range.begin + (index + 1) * size, range.end)};
}

/// Whether no window of the block hangs over the front, or the back, of the ifmap.
bool front_inside(Range out, const WindowAxis& axis) {
  return out.begin * axis.stride >= axis.pad;
}
bool back_inside(Range out, const WindowAxis& axis) {
  const int span = windows_span(out.size(), axis.kernel, axis.stride, axis.dilation);
  return out.begin * axis.stride - axis.pad + span <= axis.extent;
}

/// Blocks [first, last) of the blocks of `range` are whole and lie inside the ifmap.
struct Inside {
  int first = 0, last = 0, blocks = 0;
};

Inside inside(Range range, int size, const WindowAxis& axis) {
  const int whole = range.size() / size;
  Inside found{.last = whole, .blocks = whole * size < range.size() ? whole + 1 : whole};
  while (found.first < found.last && !front_inside(block_at(range, found.first, size), axis)) {
    ++found.first;
  }
  while (found.last > found.first && !back_inside(block_at(range, found.last - 1, size), axis)) {
    --found.last;
  }
  return found;
}

/// Many dimensions are in one block, and divisions are slow.
bool one_block(Segments& into, Range range, int size) {
  into.clear();
  if (size < range.size()) return false;
  into.push_back({range, 1});
  return true;
}

}  // namespace

WindowAxis window_rows(const ConvShape& shape) {
  const Window& w = shape.window;
  return {w.R, w.stride[0], w.dilation[0], w.pad[0], shape.H};
}

WindowAxis window_cols(const ConvShape& shape) {
  const Window& w = shape.window;
  return {w.S, w.stride[1], w.dilation[1], w.pad[1], shape.W};
}

void cut(Segments& into, Range range, int size) {
  if (one_block(into, range, size)) return;
  const int whole = range.size() / size;
  if (whole > 0) into.push_back({block_at(range, 0, size), whole});
  if (range.size() % size > 0) into.push_back({block_at(range, whole, size), 1});
}

void cut(Segments& into, Range range, int size, const WindowAxis& axis) {
  if (one_block(into, range, size)) return;
  const Inside in = inside(range, size, axis);
  for (int i = 0; i < in.first; ++i) into.push_back({block_at(range, i, size), 1});
  if (in.last > in.first) {
    into.push_back({block_at(range, in.first, size), in.last - in.first});
  }
  for (int i = in.last; i < in.blocks; ++i) into.push_back({block_at(range, i, size), 1});
}

void cut_ends_apart(Segments& into, Range range, int size) {
  if (one_block(into, range, size)) return;
  const int blocks = ceil_div(range.size(), size);
  into.push_back({block_at(range, 0, size), 1});
  if (blocks > 2) into.push_back({block_at(range, 1, size), blocks - 2});
  into.push_back({block_at(range, blocks - 1, size), 1});
}

void cut_singly(Segments& into, Range range, int size) {
  into.clear();
  const int blocks = ceil_div(range.size(), size);
  for (int i = 0; i < blocks; ++i) into.push_back({block_at(range, i, size), 1});
}

std::int64_t TwoLevels::touched(const WindowAxis& axis) const {
  // Of one tile. Tiles inside the ifmap all touch the same.
  const auto of_tile = [&](Range out) {
    if (pass >= out.size()) return std::int64_t{axis.touched(out).size()};
    const Inside in = inside(out, pass, axis);
    std::int64_t sum = 0;
    for (int i = 0; i < in.first; ++i) sum += axis.touched(block_at(out, i, pass)).size();
    if (in.last > in.first) {
      sum += std::int64_t{in.last - in.first} *
             windows_span(pass, axis.kernel, axis.stride, axis.dilation);
    }
    for (int i = in.last; i < in.blocks; ++i) sum += axis.touched(block_at(out, i, pass)).size();
    return sum;
  };
  const Range all{0, total};
  const Inside in = inside(all, tile, axis);
  std::int64_t sum = 0;
  for (int i = 0; i < in.first; ++i) sum += of_tile(block_at(all, i, tile));
  if (in.last > in.first) sum += (in.last - in.first) * of_tile(block_at(all, in.first, tile));
  for (int i = in.last; i < in.blocks; ++i) sum += of_tile(block_at(all, i, tile));
  return sum;
}

}  // namespace ridgeline::analytic
