#include "models/cost/compulsory_traffic.hpp"

#include <algorithm>
#include <vector>

namespace ridgeline {
namespace {

/// Ifmap elements along one axis that `out` windows touch: windows may overlap, leave gaps between
/// one another or between their taps, and hang over the edge.
std::int64_t touched_elements(int out, int kernel, int stride, int dilation, int pad, int extent) {
  std::vector<bool> touched(static_cast<std::size_t>(extent));
  for (int o = 0; o < out; ++o) {
    for (int tap = 0; tap < kernel; ++tap) {
      const int at = o * stride + tap * dilation - pad;
      if (at >= 0 && at < extent) touched[static_cast<std::size_t>(at)] = true;
    }
  }
  return std::ranges::count(touched, true);
}

std::int64_t touched_ifmap_words(const LoweredLayer& layer) {
  const ConvShape& s = layer.shape;
  const Window& w = s.window;
  const TensorShape& out = layer.output_shape;
  return std::int64_t{s.N} * s.C *
         touched_elements(out.H, w.R, w.stride[0], w.dilation[0], w.pad[0], s.H) *
         touched_elements(out.W, w.S, w.stride[1], w.dilation[1], w.pad[1], s.W);
}

Bytes coded_bytes(std::int64_t words, Precision precision, double ratio) {
  const Bytes plain = word_bytes(precision) * words;
  if (ratio >= 1) return plain;
  return Bytes(static_cast<std::int64_t>(static_cast<double>(plain.count()) * ratio));
}

}  // namespace

CompulsoryTraffic compulsory_traffic(const LoweredLayer& layer, const LayerPrecision& precision,
                                     const Residency& residency, const CodedRatios& coded,
                                     std::int64_t skipped_weights) {
  const std::int64_t ifmap = touched_ifmap_words(layer);
  const std::int64_t ofmap = layer.output_shape.elements();
  CompulsoryTraffic traffic;
  if (!residency.ifmap) traffic.dram += coded_bytes(ifmap, precision, coded.input);
  if (!residency.ofmap) traffic.dram += coded_bytes(ofmap, precision.output, coded.output);
  if (layer.residual && !residency.residual) {
    traffic.dram += coded_bytes(ofmap, precision.residual, coded.residual);
  }
  if (!runs_on_array(layer.kind)) return traffic;
  const std::int64_t filter = layer.shape.filter_elements();
  traffic.dram += word_bytes(precision) * filter + channel_record_bytes(precision) * layer.shape.M;
  traffic.ports = {.ifmap = ifmap, .filter = filter - skipped_weights, .psum_out = ofmap};
  return traffic;
}

}  // namespace ridgeline
