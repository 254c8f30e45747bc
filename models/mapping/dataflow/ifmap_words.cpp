#include "models/mapping/dataflow/ifmap_words.hpp"

#include <algorithm>

namespace ridgeline::dataflows {
namespace {

/// Positions o of `out` with 0 <= o * stride + tap * dilation - pad < extent.
int inside(Range out, int tap, int stride, int dilation, int pad, int extent) {
  const int offset = tap * dilation - pad;
  const int low = std::max(out.begin, offset >= 0 ? 0 : ceil_div(-offset, stride));
  const int high = extent - offset <= 0 ? 0 : (extent - offset - 1) / stride + 1;
  return std::max(0, std::min(out.end, high) - low);
}

/// Channels of the pass whose tap number `tap`, of `taps`, is in its part of c x r x s.
int channels_with(const Pass& pass, int tap, int taps) {
  if (pass.k == Range{}) return pass.c.size();
  const auto before = [&](int k) { return ceil_div(std::max(0, k - tap), taps); };
  return before(pass.k.end) - before(pass.k.begin);
}

}  // namespace

std::int64_t real_ifmap_words(const ConvShape& shape, const Pass& pass) {
  const Window& w = shape.window;
  if (w.pad == std::array{0, 0, 0, 0}) return pass.positions() * pass.depth();
  std::int64_t words = 0;
  const int taps = pass.r.size() * pass.s.size();
  for (const PositionBlock& block : position_blocks(pass)) {
    if (block.p.size() == 0) continue;
    for (int tap = 0; tap < taps; ++tap) {
      const int channels = channels_with(pass, tap, taps);
      if (channels == 0) continue;
      const int r = pass.r.begin + tap / pass.s.size();
      const int s = pass.s.begin + tap % pass.s.size();
      const int rows = inside(block.p, r, w.stride[0], w.dilation[0], w.pad[0], shape.H);
      const int cols = inside(block.q, s, w.stride[1], w.dilation[1], w.pad[1], shape.W);
      words += std::int64_t{channels} * rows * cols;
    }
  }
  return pass.n.size() * words;
}

}  // namespace ridgeline::dataflows
