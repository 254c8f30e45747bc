#include "models/mapping/pass.hpp"

namespace ridgeline {
namespace {

/// Block `index` of the blocks of `size` that cover `range`.
Range block_within(Range range, int index, int size) {
  const Range inner = block_of(index, size, range.size());
  return {range.begin + inner.begin, range.begin + inner.end};
}

}  // namespace

PassExtent pass_extent(DataflowId id, const PeArray& array, const ConvShape& shape,
                       const Tile& tile) {
  switch (id) {
    case DataflowId::ws:
      return {.M = array.cols, .C = array.rows, .P = tile.p.size(), .Q = tile.q.size()};
    case DataflowId::os:
      break;
  }
  return {.M = array.psums_per_pe,
          .C = tile.c.size(),
          .P = array.rows,
          .Q = array.cols,
          .R = shape.R(),
          .S = shape.S()};
}

PassSequence::PassSequence(const ConvShape& shape, const PassExtent& size, const Tile& tile)
    : extent_(size),
      tile_(tile),
      R_(shape.R()),
      S_(shape.S()),
      counts_{tile.g.size(),
              ceil_div(tile.p.size(), size.P),
              ceil_div(tile.q.size(), size.Q),
              ceil_div(tile.m.size(), size.M),
              ceil_div(tile.c.size(), size.C),
              ceil_div(shape.R(), size.R),
              ceil_div(shape.S(), size.S)} {
  for (const int count : counts_) size_ *= count;
}

Pass PassSequence::operator[](std::int64_t index) const {
  std::array<int, 7> at{};
  std::int64_t rest = index;
  for (std::size_t digit = counts_.size(); digit-- > 0;) {
    at[digit] = static_cast<int>(rest % counts_[digit]);
    rest /= counts_[digit];
  }
  const auto [g, p, q, m, c, r, s] = at;
  const bool first_tap = c == 0 && r == 0 && s == 0;
  const bool last_tap = c + 1 == counts_[4] && r + 1 == counts_[5] && s + 1 == counts_[6];
  return {.g = tile_.g.begin + g,
          .m = block_within(tile_.m, m, extent_.M),
          .c = block_within(tile_.c, c, extent_.C),
          .r = block_of(r, extent_.R, R_),
          .s = block_of(s, extent_.S, S_),
          .p = block_within(tile_.p, p, extent_.P),
          .q = block_within(tile_.q, q, extent_.Q),
          .first = tile_.first_c && first_tap,
          .last = tile_.last_c && last_tap,
          .ends_tile = index + 1 == size_};
}

}  // namespace ridgeline
