#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "models/network/network.hpp"

/// Operations on real numbers, plain and slow, with parameters made from a node's id. They give a
/// meaning to a graph and to what it is lowered to, so that the two can be compared exactly.
namespace ridgeline::lowering_tests {

/// A feature map's values, NCHW.
struct Values {
  TensorShape shape;
  std::vector<double> data;

  explicit Values(TensorShape s)
      : shape(s),
        data(static_cast<std::size_t>(s.elements()), std::numeric_limits<double>::quiet_NaN()) {}
  double& at(int n, int c, int h, int w) {
    return data[static_cast<std::size_t>(((std::int64_t{n} * shape.C + c) * shape.H + h) * shape.W +
                                         w)];
  }
  double at(int n, int c, int h, int w) const { return const_cast<Values*>(this)->at(n, c, h, w); }
};

template <class Visit>
void for_each_element(const TensorShape& x, Visit visit) {
  for (int n = 0; n < x.N; ++n)
    for (int c = 0; c < x.C; ++c)
      for (int h = 0; h < x.H; ++h)
        for (int w = 0; w < x.W; ++w) visit(n, c, h, w);
}

/// A number between -1 and 1 that depends on both arguments and looks random (SplitMix64).
inline double parameter(NodeId node, std::int64_t index) {
  std::uint64_t z = static_cast<std::uint64_t>(node) * 0x9e3779b97f4a7c15ULL +
                    static_cast<std::uint64_t>(index) * 0xbf58476d1ce4e5b9ULL +
                    0x94d049bb133111ebULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  z ^= z >> 31;
  return static_cast<double>(z >> 12) / static_cast<double>(std::uint64_t{1} << 51) - 1;
}

/// Calls visit(h, w, tap) for each tap of the window at (p, q) that lies inside x.
template <class Visit>
void for_each_tap(const TensorShape& x, const Window& win, int p, int q, Visit visit) {
  for (int r = 0; r < win.R; ++r)
    for (int s = 0; s < win.S; ++s) {
      const int h = p * win.stride[0] - win.pad[0] + r * win.dilation[0];
      const int w = q * win.stride[1] - win.pad[1] + s * win.dilation[1];
      if (h >= 0 && h < x.H && w >= 0 && w < x.W) visit(h, w, r * win.S + s);
    }
}

inline Values convolve(const Values& x, const ConvShape& shape, NodeId node) {
  Values y(shape.ofmap());
  const int taps = shape.C_per_group() * shape.R() * shape.S();
  for_each_element(y.shape, [&](int n, int m, int p, int q) {
    double sum = parameter(node, -1 - m);
    const int first = m / shape.M_per_group() * shape.C_per_group();
    for (int c = 0; c < shape.C_per_group(); ++c)
      for_each_tap(x.shape, shape.window, p, q, [&](int h, int w, int tap) {
        sum +=
            x.at(n, first + c, h, w) * parameter(node, m * taps + c * shape.R() * shape.S() + tap);
      });
    y.at(n, m, p, q) = sum;
  });
  return y;
}

inline Values normalise(const Values& x, NodeId node) {
  Values y(x.shape);
  for_each_element(x.shape, [&](int n, int c, int h, int w) {
    y.at(n, c, h, w) = x.at(n, c, h, w) * parameter(node, c) + parameter(node, -1 - c);
  });
  return y;
}

inline Values clamp(Values x, const ClampOp& op) {
  for (double& v : x.data) {
    if (v < op.lowest) v = op.lowest;  // keeps what is not a number
    if (v > op.highest) v = op.highest;
  }
  return x;
}

inline Values add(Values x, const Values& y) {
  for (std::size_t i = 0; i < x.data.size(); ++i) x.data[i] += y.data.at(i);
  return x;
}

inline Values pool(const Values& x, PoolKind kind, const Window& window, TensorShape out) {
  Values y(out);
  for_each_element(out, [&](int n, int c, int p, int q) {
    double sum = 0, largest = -std::numeric_limits<double>::infinity();
    int count = 0;
    for_each_tap(x.shape, window, p, q, [&](int h, int w, int) {
      sum += x.at(n, c, h, w);
      largest = std::max(largest, x.at(n, c, h, w));
      ++count;
    });
    y.at(n, c, p, q) = kind == PoolKind::max ? largest : sum / count;
  });
  return y;
}

/// Stands for LRN and softmax: an operation across channels that no other node can absorb.
inline Values across_channels(const Values& x, NodeId node) {
  Values y(x.shape);
  for_each_element(x.shape, [&](int n, int c, int h, int w) {
    double sum = parameter(node, 0);
    for (int k = 0; k < x.shape.C; ++k) sum += x.at(n, k, h, w) * (k == c ? 2 : 1);
    y.at(n, c, h, w) = sum;
  });
  return y;
}

inline Values flatten(Values x) {
  x.shape = {.N = x.shape.N, .C = x.shape.C * x.shape.H * x.shape.W};
  return x;
}

inline Values concatenate(const std::vector<const Values*>& parts, TensorShape out) {
  Values y(out);
  int offset = 0;
  for (const Values* part : parts) {
    for_each_element(part->shape, [&](int n, int c, int h, int w) {
      y.at(n, offset + c, h, w) = part->at(n, c, h, w);
    });
    offset += part->shape.C;
  }
  return y;
}

}  // namespace ridgeline::lowering_tests
