#include "models/mapping/pass.hpp"

#include <utility>

namespace ridgeline {
namespace {

/// Block `index` of the blocks of `size` that cover `range`.
Range block_within(Range range, int index, int size) {
  const Range inner = block_of(index, size, range.size());
  return {range.begin + inner.begin, range.begin + inner.end};
}

bool same_psums(const Pass& a, const Pass& b) {
  return a.g == b.g && a.n == b.n && a.m == b.m && a.c == b.c && a.p == b.p && a.q == b.q;
}

}  // namespace

PassSequence::PassSequence(const ConvShape& shape, const PassExtent& size, const Tile& tile)
    : extent_(size),
      tile_(tile),
      R_(shape.R()),
      S_(shape.S()),
      counts_{tile.g.size(),
              ceil_div(tile.n.size(), size.N),
              ceil_div(tile.p.size(), size.P),
              ceil_div(tile.q.size(), size.Q),
              ceil_div(tile.m.size(), size.M),
              ceil_div(tile.c.size(), size.C),
              ceil_div(shape.R(), size.R),
              ceil_div(shape.S(), size.S)} {
  for (const int count : counts_) size_ *= count;
}

Pass PassSequence::operator[](std::int64_t index) const {
  std::array<int, 8> at{};
  std::int64_t rest = index;
  for (std::size_t digit = counts_.size(); digit-- > 0;) {
    at[digit] = static_cast<int>(rest % counts_[digit]);
    rest /= counts_[digit];
  }
  const auto [g, n, p, q, m, c, r, s] = at;
  const bool first_tap = c == 0 && r == 0 && s == 0;
  const bool last_tap = c + 1 == counts_[5] && r + 1 == counts_[6] && s + 1 == counts_[7];
  return {.g = tile_.g.begin + g,
          .n = block_within(tile_.n, n, extent_.N),
          .m = block_within(tile_.m, m, extent_.M),
          .c = block_within(tile_.c, c, extent_.C),
          .r = block_of(r, extent_.R, R_),
          .s = block_of(s, extent_.S, S_),
          .p = block_within(tile_.p, p, extent_.P),
          .q = block_within(tile_.q, q, extent_.Q),
          .first = tile_.first_c && first_tap,
          .last = tile_.last_c && last_tap,
          .ends_tile = index + 1 == size_,
          .sets = extent_.sets};
}

std::array<std::optional<Pass>, 2> PassMerger::add(const Pass& pass, const ConvShape& shape) {
  std::array<std::optional<Pass>, 2> complete;
  if (row_ && same_psums(*row_, pass) && row_->r == pass.r && row_->s.end == pass.s.begin) {
    row_->s.end = pass.s.end;
    row_->last = pass.last;
  } else {
    if (row_ || (rows_ && !(same_psums(*rows_, pass) && rows_->r.end == pass.r.begin &&
                            pass.s.begin == 0))) {
      complete = rest();
    }
    row_ = pass;
  }
  const bool whole_row = row_->s == Range{0, shape.S()};
  if (whole_row && rows_ && rows_->r.end == row_->r.begin) {
    rows_->r.end = row_->r.end;
    rows_->last = row_->last;
    row_.reset();
  } else if (whole_row && !rows_) {
    rows_ = std::exchange(row_, std::nullopt);
  }
  return complete;
}

std::array<std::optional<Pass>, 2> PassMerger::rest() {
  return {std::exchange(rows_, std::nullopt), std::exchange(row_, std::nullopt)};
}

}  // namespace ridgeline
