#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "models/arch/architecture.hpp"
#include "models/mapping/tile.hpp"
#include "models/network/network.hpp"

/// Random small networks and architectures for property tests, from a seeded generator.
namespace ridgeline::testing {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  [[nodiscard]] int between(int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(engine_);
  }
  [[nodiscard]] bool one_in(int n) { return between(1, n) == 1; }
  template <class T>
  [[nodiscard]] T pick(std::initializer_list<T> values) {
    return values.begin()[between(0, static_cast<int>(values.size()) - 1)];
  }

 private:
  std::mt19937_64 engine_;
};

/// A network of one convolution, fully connected layer, pool, addition, LRN or softmax over odd
/// shapes, often with BatchNorm, ReLU or a residual around it.
[[nodiscard]] Network random_network(Random& random);

/// Several layers in a row, with additions, concatenations and pools between them.
[[nodiscard]] Network random_chain(Random& random);

/// Rows and columns 1 to 40, either fabric, buffers from barely enough to plenty, ports, DRAM and
/// vector unit of any width, every dataflow.
[[nodiscard]] Architecture random_architecture(Random& random);
/// "auto" or the name of any dataflow.
[[nodiscard]] std::string random_dataflow(Random& random);

/// Tile extents within the layer's, of whole channels where the layer needs them.
[[nodiscard]] TileExtent random_tile(Random& random, const LoweredLayer& layer);

/// A 4x4 machine with a 4 KiB buffer, where even small layers take several tiles.
[[nodiscard]] Architecture small_architecture();
/// The same with 16 KiB, PEs that skip zero weights and gate zero activations, and a slow DRAM that
/// codes feature maps: its costs depend on zeros.
[[nodiscard]] Architecture frugal_architecture();

}  // namespace ridgeline::testing
