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
  return a.g == b.g && a.n == b.n && a.m == b.m && a.c == b.c && a.p == b.p && a.q == b.q &&
         a.x == b.x;
}

/// Part `index` of a flattened box of `total`; no size means all of it.
Range part_of_box(int index, int size, int total) {
  return size == 0 ? Range{} : block_of(index, size, total);
}
int parts_of_box(int size, int total) {
  return size == 0 ? 1 : ceil_div(total, size);
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
              parts_of_box(size.X, tile.p.size() * tile.q.size()),
              ceil_div(tile.m.size(), size.M),
              ceil_div(tile.c.size(), size.C),
              ceil_div(shape.R(), size.R),
              ceil_div(shape.S(), size.S),
              parts_of_box(size.K, tile.c.size() * shape.R() * shape.S())} {
  for (const int count : counts_) size_ *= count;
}

Pass PassSequence::operator[](std::int64_t index) const {
  std::array<int, 10> at{};
  std::int64_t rest = index;
  for (std::size_t digit = counts_.size(); digit-- > 0;) {
    at[digit] = static_cast<int>(rest % counts_[digit]);
    rest /= counts_[digit];
  }
  const auto [g, n, p, q, x, m, c, r, s, k] = at;
  const bool first_tap = c == 0 && r == 0 && s == 0 && k == 0;
  const bool last_tap =
      c + 1 == counts_[6] && r + 1 == counts_[7] && s + 1 == counts_[8] && k + 1 == counts_[9];
  return {.g = tile_.g.begin + g,
          .n = block_within(tile_.n, n, extent_.N),
          .m = block_within(tile_.m, m, extent_.M),
          .c = block_within(tile_.c, c, extent_.C),
          .r = block_of(r, extent_.R, R_),
          .s = block_of(s, extent_.S, S_),
          .p = block_within(tile_.p, p, extent_.P),
          .q = block_within(tile_.q, q, extent_.Q),
          .k = part_of_box(k, extent_.K, tile_.c.size() * R_ * S_),
          .x = part_of_box(x, extent_.X, tile_.p.size() * tile_.q.size()),
          .first = tile_.first_c && first_tap,
          .last = tile_.last_c && last_tap,
          .ends_tile = index + 1 == size_,
          .sets = extent_.sets};
}

std::array<PositionBlock, 3> position_blocks(const Pass& pass) {
  if (pass.x == Range{}) return {PositionBlock{pass.p, pass.q}};
  const int width = pass.q.size();
  const auto row = [&](int index) { return pass.p.begin + index; };
  const auto col = [&](int index) { return pass.q.begin + index; };
  const int first = pass.x.begin / width, from = pass.x.begin % width;
  const int end = pass.x.end / width, until = pass.x.end % width;
  if (first == end) return {PositionBlock{{row(first), row(first + 1)}, {col(from), col(until)}}};
  std::array<PositionBlock, 3> blocks{};
  if (from > 0) blocks[0] = {{row(first), row(first + 1)}, {col(from), pass.q.end}};
  const int whole = from > 0 ? first + 1 : first;
  if (whole < end) blocks[1] = {{row(whole), row(end)}, pass.q};
  if (until > 0) blocks[2] = {{row(end), row(end + 1)}, {pass.q.begin, col(until)}};
  return blocks;
}

std::array<std::optional<Pass>, 2> PassMerger::add_part_of_box(const Pass& pass) {
  std::array<std::optional<Pass>, 2> complete;
  if (box_ && same_psums(*box_, pass) && box_->k.end == pass.k.begin) {
    box_->k.end = pass.k.end;
    box_->last = pass.last;
  } else {
    complete[0] = std::exchange(box_, pass);
  }
  if (box_->k == Range{0, box_->c.size() * box_->r.size() * box_->s.size()}) {
    box_->k = {};
    complete[1] = std::exchange(box_, std::nullopt);
  }
  return complete;
}

std::array<std::optional<Pass>, 2> PassMerger::add(const Pass& pass, const ConvShape& shape) {
  if (pass.k != Range{}) return add_part_of_box(pass);
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
  if (box_) return {std::exchange(box_, std::nullopt), std::nullopt};
  return {std::exchange(rows_, std::nullopt), std::exchange(row_, std::nullopt)};
}

}  // namespace ridgeline
