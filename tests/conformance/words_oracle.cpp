#include "tests/conformance/words_oracle.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

namespace ridgeline::onnx_tests {
namespace {

using Int = std::int64_t;

std::size_t at(const Dims& dims, Int a, Int b, Int c, Int d) {
  return static_cast<std::size_t>(((a * dims[1] + b) * dims[2] + c) * dims[3] + d);
}

Int outputs(Int extent, Int pads, Int kernel, Int dilation, Int stride) {
  return (extent + pads - (kernel - 1) * dilation - 1) / stride + 1;
}

/// The sum of one output element.
Int sum_at(const Words& x, const Words& w, const Sliding& s, Int n, Int m, Int p, Int q) {
  const Int M = w.dims[0], C = w.dims[1];
  Int sum = 0;
  for (Int c = 0; c < C; ++c)
    for (Int r = 0; r < w.dims[2]; ++r)
      for (Int t = 0; t < w.dims[3]; ++t) {
        const Int h = p * s.stride_h - s.top + r * s.dilation_h;
        const Int v = q * s.stride_w - s.left + t * s.dilation_w;
        if (h < 0 || h >= x.dims[2] || v < 0 || v >= x.dims[3]) continue;
        const Int channel = m / (M / s.group) * C + c;
        sum += Int{x.values[at(x.dims, n, channel, h, v)] - x.zero(0)} *
               (w.values[at(w.dims, m, c, r, t)] - w.zero(static_cast<std::size_t>(m)));
      }
  return sum;
}

}  // namespace

ExactSums convolve_words(const Words& x, const Words& w, const std::vector<std::int32_t>& bias,
                         const Sliding& s) {
  ExactSums sums{
      .dims = {x.dims[0], w.dims[0],
               outputs(x.dims[2], s.top + s.bottom, w.dims[2], s.dilation_h, s.stride_h),
               outputs(x.dims[3], s.left + s.right, w.dims[3], s.dilation_w, s.stride_w)}};
  for (Int n = 0; n < sums.dims[0]; ++n)
    for (Int m = 0; m < sums.dims[1]; ++m)
      for (Int p = 0; p < sums.dims[2]; ++p)
        for (Int q = 0; q < sums.dims[3]; ++q)
          sums.values.push_back(sum_at(x, w, s, n, m, p, q) +
                                (bias.empty() ? 0 : bias[static_cast<std::size_t>(m)]));
  return sums;
}

Agreement& Agreement::operator+=(const Agreement& other) {
  words += other.words;
  different += other.different;
  ties += other.ties;
  beside_ties += other.beside_ties;
  return *this;
}

std::int32_t word_for(double real, const Words& like) {
  const double word = std::nearbyint(real / like.scale(0)) + like.zero(0);
  return static_cast<std::int32_t>(std::clamp(word, like.lowest() * 1.0, like.lowest() + 255.0));
}

Agreement compare_words(const std::vector<float>& actual, const std::vector<double>& real,
                        const std::vector<double>& terms, const Words& like, double relative) {
  Agreement agreement;
  CHECK(actual.size() == real.size());
  if (actual.size() != real.size()) return agreement;
  for (std::size_t i = 0; i < real.size(); ++i) {
    const double exact = real[i] / like.scale(0);
    const double from_tie = std::abs(exact - std::floor(exact) - 0.5);
    const int difference = std::abs(static_cast<std::int32_t>(actual[i]) - word_for(real[i], like));
    ++agreement.words;
    agreement.ties += from_tie == 0 ? 1 : 0;
    if (difference == 0) continue;
    ++agreement.different;
    agreement.beside_ties += from_tie > 0 ? 1 : 0;
    INFO("element " << i << " is " << actual[i] << ", and before rounding "
                    << exact + like.zero(0));
    CHECK(difference == 1);
    CHECK(from_tie <= terms[i] / like.scale(0) * relative + 1e-12);
  }
  return agreement;
}

}  // namespace ridgeline::onnx_tests
