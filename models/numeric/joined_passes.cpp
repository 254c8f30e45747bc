#include "models/numeric/joined_passes.hpp"

namespace ridgeline {
namespace {

bool same_positions(const Pass& a, const Pass& b) {
  return a.g == b.g && a.n == b.n && a.p == b.p && a.q == b.q && a.x == b.x;
}

}  // namespace

bool JoinedPasses::whole_window(const Pass& pass) const {
  return pass.k == Range{} && pass.r == Range{0, shape_.R()} && pass.s == Range{0, shape_.S()};
}

bool JoinedPasses::continues_channels(const Pass& a, const Pass& b) const {
  return same_positions(a, b) && a.m == b.m && whole_window(a) && whole_window(b) &&
         a.c.end == b.c.begin && !b.first;
}

bool JoinedPasses::continues_filters(const Pass& a, const Pass& b) const {
  return same_positions(a, b) && whole_window(a) && whole_window(b) && a.m.end == b.m.begin &&
         a.c == b.c && a.first == b.first && a.last == b.last;
}

}  // namespace ridgeline
