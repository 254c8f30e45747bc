#include "models/numeric/zero_counts.hpp"

#include <catch2/catch.hpp>

#include "models/numeric/reference.hpp"
#include "tests/models/numeric/oracle.hpp"
#include "tests/models/numeric/small_networks.hpp"

namespace ridgeline {
namespace {

/// Every MAC, one after another.
template <class T>
OperandZeroCounts walked(const ConvShape& shape, const Tensor<T>& ifmap, const Tensor<T>& filters,
                         const OperandZeros& zeros) {
  OperandZeroCounts counts{.weights = std::ssize(filters.data)};
  const Window& w = shape.window;
  const auto is_zero_activation = [&](int n, int c, int h, int x) {
    if (h < 0 || h >= shape.H || x < 0 || x >= shape.W) return true;
    return ifmap.at(n, c, h, x) == static_cast<T>(zeros.ifmap);
  };
  for (int m = 0; m < shape.M; ++m) {
    const auto zero = static_cast<T>(zeros.of_filter(static_cast<std::size_t>(m)));
    const int first_channel = m / shape.M_per_group() * shape.C_per_group();
    for (int c = 0; c < shape.C_per_group(); ++c) {
      for (int r = 0; r < w.R; ++r) {
        for (int s = 0; s < w.S; ++s) {
          const bool no_weight = filters.at(m, c, r, s) == zero;
          counts.zero_weights += no_weight ? 1 : 0;
          for (int n = 0; n < shape.N; ++n) {
            for (int p = 0; p < shape.P(); ++p) {
              for (int q = 0; q < shape.Q(); ++q) {
                const bool idle = is_zero_activation(
                    n, first_channel + c, p * w.stride[0] + r * w.dilation[0] - w.pad[0],
                    q * w.stride[1] + s * w.dilation[1] - w.pad[1]);
                counts.macs_zero_weight += no_weight ? 1 : 0;
                counts.macs_zero_activation += idle ? 1 : 0;
                counts.macs_zero_either += no_weight || idle ? 1 : 0;
              }
            }
          }
        }
      }
    }
  }
  return counts;
}

/// Words of which `parts` in four are the zero point.
template <class T>
Tensor<T> sparse(oracle::Random& random, TensorShape shape, T zero, int parts) {
  Tensor<T> tensor(shape);
  for (T& word : tensor.data) {
    word = oracle::draw(random, 1, 4) <= parts ? zero : static_cast<T>(oracle::draw(random, -9, 9));
  }
  return tensor;
}

template <class T>
void check_random_layers(std::uint64_t seed, bool with_zero_points) {
  oracle::Random random(seed);
  for (int i = 0; i < 200; ++i) {
    const ConvShape shape = oracle::random_layer(random);
    INFO("seed " << seed << ", layer " << i << ": " << oracle::describe(shape));
    std::vector<std::int32_t> filter_zeros;
    if (with_zero_points) {
      for (int m = 0; m < shape.M; ++m) filter_zeros.push_back(oracle::draw(random, -3, 3));
    }
    const OperandZeros zeros{.ifmap = with_zero_points ? 4 : 0, .filters = filter_zeros};
    const auto ifmap =
        sparse<T>(random, shape.ifmap(), static_cast<T>(zeros.ifmap), oracle::draw(random, 0, 4));
    const auto filters =
        sparse<T>(random, {shape.M, shape.C_per_group(), shape.R(), shape.S()}, T{}, 2);
    REQUIRE(count_zero_operands(shape, ifmap, filters, zeros) ==
            walked(shape, ifmap, filters, zeros));
  }
}

TEST_CASE("Zero operands are counted as a walk over every MAC counts them") {
  check_random_layers<std::int8_t>(21, false);
  check_random_layers<std::int16_t>(22, false);
  check_random_layers<float>(23, false);
}

TEST_CASE("Zero operands are those at their zero points") {
  check_random_layers<std::int8_t>(24, true);
}

TEST_CASE("MACs on padding are those of an ifmap without zeros") {
  oracle::Random random(25);
  for (int i = 0; i < 200; ++i) {
    const ConvShape shape = oracle::random_layer(random);
    INFO("layer " << i << ": " << oracle::describe(shape));
    Tensor<std::int8_t> ifmap(shape.ifmap());
    std::ranges::fill(ifmap.data, std::int8_t{1});
    Tensor<std::int8_t> filters({shape.M, shape.C_per_group(), shape.R(), shape.S()});
    std::ranges::fill(filters.data, std::int8_t{1});
    CHECK(count_zero_operands(shape, ifmap, filters, {}).macs_zero_activation ==
          macs_on_padding(shape));
  }
}

TEST_CASE("Both signs of an fp32 zero are zero words") {
  Tensor<float> tensor({.N = 1, .C = 1, .H = 1, .W = 4});
  tensor.data = {0.0F, -0.0F, 1.0F, -1.0F};
  CHECK(count_zero_words(tensor, 0) == 2);
}

TEST_CASE("Parts of a concatenation are counted alone and coded as the whole") {
  const Workload workload =
      make_workload(lower(small_networks::fires()), {.precision = Precision::int16});
  const auto tensors = reference::run_network(workload);
  const NetworkZeros zeros = measured_zeros(workload, tensors, true);
  const LoweredNetwork& network = workload.lowered;
  CHECK(zeros.source == ZerosSource::measured);
  std::vector<std::int64_t> of_parts(network.tensors.size());
  for (std::size_t id = 0; id < network.tensors.size(); ++id) {
    const auto storage = static_cast<std::size_t>(network.tensors[id].storage);
    CHECK(zeros.maps[id].coded_ratio == zeros.maps[storage].coded_ratio);
    if (storage != id) of_parts[storage] += zeros.maps[id].zero_words;
  }
  int concatenations = 0;
  for (std::size_t id = 0; id < of_parts.size(); ++id) {
    if (of_parts[id] == 0) continue;
    ++concatenations;
    CHECK(of_parts[id] == zeros.maps[id].zero_words);
    CHECK(zeros.maps[id].coded_ratio < 1);  // half of its words are zero behind the ReLU
  }
  CHECK(concatenations == 3);
  for (const MapZeros& map : measured_zeros(workload, tensors, false).maps) {
    CHECK(map.coded_ratio == 1);
  }
}

}  // namespace
}  // namespace ridgeline
