#include "models/cost/analytic/array_time.hpp"

#include <algorithm>
#include <functional>

namespace ridgeline::analytic {

void add_cycles(CycleBreakdown& sum, const CycleBreakdown& one, std::int64_t times) {
  for (const auto& field : CycleBreakdown::fields()) {
    sum.*field.member += one.*field.member * times;
  }
}

ArrayTime::ArrayTime(const LayerQuestion& in)
    : arch_(in.arch),
      shape_(in.layer.shape),
      dataflow_(*in.mapping.dataflow),
      extent_(dataflow_.pass_extent(arch_.pe_array, shape_, in.mapping.tile)),
      zeros_(in.zeros),
      singly_(!zeros_.empty()),
      rows_(window_rows(shape_)),
      cols_(window_cols(shape_)) {
  pass_.sets = extent_.sets;
}

CycleBreakdown ArrayTime::of(const Tile& tile) {
  tile_ = tile;
  pass_.x = pass_.k = {};
  pass_.ends_tile = false;
  cut_level(G, tile.g, 1);
  cut_level(N, tile.n, extent_.N);
  cut_level(P, tile.p, extent_.P, &rows_);
  cut_level(Q, tile.q, extent_.Q, &cols_);
  cut_level(M, tile.m, extent_.M);
  cut_level(C, tile.c, extent_.C);
  cut_level(R, {0, shape_.R()}, extent_.R);
  cut_level(S, {0, shape_.S()}, extent_.S);
  several_[X] = extent_.X > 0;
  several_[K] = extent_.K > 0;
  CycleBreakdown total;
  Cycles first_load;
  const auto last_cost = [&] {
    pass_.ends_tile = true;
    return dataflow_.cost(arch_, shape_, pass_, zeros_);
  };
  if (std::ranges::none_of(several_, std::identity())) {
    pass_.first = tile.first_c;
    pass_.last = tile.last_c;
    const PassCost cost = last_cost();
    total = between(cost, Cycles(0));
    first_load = cost.load;
  } else {
    const Run run = along(G, tile.first_c, tile.last_c);
    total = run.sum;
    // The last pass again, now that it is known to be the last.
    add_cycles(total, between(last_cost(), Cycles(0)));
    first_load = run.first_load;
  }
  if (arch_.pe_array.preload) total.stationary_load += first_load;
  return total;
}

/// A level of one block is set once and for all.
void ArrayTime::cut_level(Level level, Range range, int size, const WindowAxis* axis) {
  several_[level] = range.size() > size;
  if (!several_[level]) return set(level, range);
  const bool filters = level == G || level == M || level == C;
  if (singly_ && filters) {
    cut_singly(segments_[level], range, size);
  } else if (axis != nullptr) {
    cut(segments_[level], range, size, *axis);
  } else {
    cut(segments_[level], range, size);
  }
}

/// Parts of boxes depend on what the box is.
const Segments& ArrayTime::segments_of(int level) {
  if (level == X && extent_.X > 0)
    cut(segments_[X], {0, pass_.p.size() * pass_.q.size()}, extent_.X);
  if (level == K && extent_.K > 0) {
    cut(segments_[K], {0, pass_.c.size() * shape_.R() * shape_.S()}, extent_.K);
  }
  return segments_[static_cast<std::size_t>(level)];
}

void ArrayTime::set(int level, Range range) {
  switch (level) {
    case G:
      pass_.g = range.begin;
      break;
    case N:
      pass_.n = range;
      break;
    case P:
      pass_.p = range;
      break;
    case Q:
      pass_.q = range;
      break;
    case X:
      pass_.x = range;
      break;
    case M:
      pass_.m = range;
      break;
    case C:
      pass_.c = range;
      break;
    case R:
      pass_.r = range;
      break;
    case S:
      pass_.s = range;
      break;
    default:
      pass_.k = range;
  }
}

void ArrayTime::append(Run& run, const Run& next, bool& empty) const {
  if (empty) {
    run = next;
    empty = false;
    return;
  }
  add_cycles(run.sum, between(run.last, next.first_load));
  add_cycles(run.sum, next.sum);
  run.last = next.last;
}

ArrayTime::Run ArrayTime::repeated(const Run& run, std::int64_t times) const {
  if (times == 1) return run;
  Run all{.last = run.last, .first_load = run.first_load};
  add_cycles(all.sum, run.sum, times);
  add_cycles(all.sum, between(run.last, run.first_load), times - 1);
  return all;
}

ArrayTime::Run ArrayTime::along(int level, bool first, bool last) {
  while (level < kLevels && !several_[static_cast<std::size_t>(level)]) ++level;
  if (level == kLevels) {
    pass_.first = first;
    pass_.last = last;
    const PassCost cost = dataflow_.cost(arch_, shape_, pass_, zeros_);
    return {.last = cost, .first_load = cost.load};
  }
  const Segments& segments = segments_of(level);
  if (level >= C) return along_chain(level, segments, first, last);
  Run run;
  bool empty = true;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment segment = segments[i];
    set(level, segment.range);
    append(run, repeated(along(level + 1, first, last), segment.count), empty);
  }
  return run;
}

/// Only the first pass of a chain starts its psums, and only the last one completes them.
ArrayTime::Run ArrayTime::along_chain(int level, const Segments& segments, bool first, bool last) {
  Run run;
  bool empty = true;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    Segment segment = segments[i];
    set(level, segment.range);
    const bool begins = first && i == 0, ends = last && i + 1 == segments.size();
    if (begins) {
      const bool only = ends && segment.count == 1;
      append(run, along(level + 1, true, only), empty);
      if (--segment.count == 0) continue;
    }
    if (ends) --segment.count;
    if (segment.count > 0) {
      append(run, repeated(along(level + 1, false, false), segment.count), empty);
    }
    if (ends) append(run, along(level + 1, false, true), empty);
  }
  return run;
}

}  // namespace ridgeline::analytic
