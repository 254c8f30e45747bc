#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "models/network/shape.hpp"
#include "models/numeric/tensor.hpp"

/// Independent answers for the tests of the reference engine, too simple to be wrong.
namespace ridgeline::oracle {

/// A convolution's sums before bias by the definition, in seven loops, NMPQ.
template <class Sum, class Word>
std::vector<Sum> convolution(const ConvShape& shape, const std::vector<Word>& ifmap,
                             const std::vector<Word>& filters) {
  std::vector<Sum> sums;
  const auto& [stride_h, stride_w] = shape.window.stride;
  const auto& [dilation_h, dilation_w] = shape.window.dilation;
  for (int n = 0; n < shape.N; ++n)
    for (int m = 0; m < shape.M; ++m)
      for (int p = 0; p < shape.P(); ++p)
        for (int q = 0; q < shape.Q(); ++q) {
          Sum sum = 0;
          for (int c = 0; c < shape.C_per_group(); ++c)
            for (int r = 0; r < shape.R(); ++r)
              for (int s = 0; s < shape.S(); ++s) {
                const int h = p * stride_h - shape.window.pad[0] + r * dilation_h;
                const int w = q * stride_w - shape.window.pad[1] + s * dilation_w;
                if (h < 0 || h >= shape.H || w < 0 || w >= shape.W) continue;
                const int channel = m / shape.M_per_group() * shape.C_per_group() + c;
                const int x = ((n * shape.C + channel) * shape.H + h) * shape.W + w;
                const int k = ((m * shape.C_per_group() + c) * shape.R() + r) * shape.S() + s;
                sum += static_cast<Sum>(ifmap[static_cast<std::size_t>(x)]) *
                       static_cast<Sum>(filters[static_cast<std::size_t>(k)]);
              }
          sums.push_back(sum);
        }
  return sums;
}

using Random = std::mt19937_64;

inline int draw(Random& random, int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(random);
}

/// A layer of odd sizes: prime channels, strides 1 to 4, asymmetric pads, dilation, groups, 1xK and
/// Kx1 kernels, depthwise, fully connected.
inline ConvShape random_layer(Random& random) {
  constexpr int kChannels[] = {1, 2, 3, 5, 7, 11, 13, 17, 31};
  for (;;) {
    ConvShape shape;
    shape.N = draw(random, 1, 3);
    const int kind = draw(random, 0, 9);
    const int channels = kChannels[draw(random, 0, 8)], filters = kChannels[draw(random, 0, 8)];
    shape.G = kind <= 6 ? 1 : draw(random, 2, 5);
    shape.C = shape.G * (kind == 9 ? 1 : channels);
    shape.M = shape.G * (kind == 9 ? draw(random, 1, 2) : filters);
    if (kind == 0) {  // fully connected
      shape.C = draw(random, 1, 700);
      return shape;
    }
    shape.H = draw(random, 1, 19);
    shape.W = draw(random, 1, 19);
    Window& window = shape.window;
    window.R = kind == 1 ? 1 : draw(random, 1, 7);
    window.S = kind == 2 ? 1 : draw(random, 1, 7);
    for (int& stride : window.stride) stride = draw(random, 1, 4);
    for (int& pad : window.pad) pad = draw(random, 0, 3);
    for (int& dilation : window.dilation) dilation = std::max(1, draw(random, -2, 3));
    const bool fits =
        span_of(window.R, window.dilation[0]) <= shape.H + window.pad[0] + window.pad[2] &&
        span_of(window.S, window.dilation[1]) <= shape.W + window.pad[1] + window.pad[3];
    if (fits) return shape;
  }
}

/// Words over the whole range, its ends more often than by chance.
template <class Word>
std::vector<Word> random_words(Random& random, std::int64_t count) {
  std::vector<Word> words(static_cast<std::size_t>(count));
  constexpr int kLargest = sizeof(Word) == 1 ? 127 : 32767;
  for (Word& word : words) {
    if constexpr (std::is_same_v<Word, float>) {
      word = std::normal_distribution<float>()(random);
    } else {
      const int ends = draw(random, 0, 9);
      word = static_cast<Word>(ends == 0   ? kLargest
                               : ends == 1 ? -kLargest
                                           : draw(random, -kLargest, kLargest));
    }
  }
  return words;
}

inline std::string describe(const ConvShape& s) {
  const Window& w = s.window;
  return fmt::format(
      "N {} G {} M {} C {} H {} W {} R {} S {} stride {}x{} dilation {}x{} pad {} {} {} {}", s.N,
      s.G, s.M, s.C, s.H, s.W, w.R, w.S, w.stride[0], w.stride[1], w.dilation[0], w.dilation[1],
      w.pad[0], w.pad[1], w.pad[2], w.pad[3]);
}

}  // namespace ridgeline::oracle
