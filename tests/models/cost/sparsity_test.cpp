#include "models/cost/sparsity.hpp"

#include <catch2/catch.hpp>

#include "models/cost/dram_cost.hpp"
#include "models/cost/zero_weights.hpp"
#include "tests/support/random_case.hpp"

namespace ridgeline {
namespace {

/// 8 filters of 3x3 over 4 channels of 5x5, padded by one. Of the 15 taps along each axis 2 fall on
/// padding.
LoweredNetwork one_layer() {
  NetworkBuilder net("one", "a test", {.C = 4, .H = 5, .W = 5});
  net.conv("conv", net.input(), {.M = 8, .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}});
  return lower(std::move(net).build());
}

constexpr std::int64_t kMacs = 8 * 4 * 9 * 25;
constexpr std::int64_t kOnPadding = 8 * 4 * (225 - 13 * 13);

TEST_CASE("Taps on padding are those that the edges cut off") {
  CHECK(one_layer().layers[0].shape.macs() == Macs(kMacs));
  CHECK(macs_on_padding(one_layer().layers[0].shape) == kOnPadding);
  CHECK(macs_on_padding(ConvShape{.M = 3, .C = 5}) == 0);
}

TEST_CASE("Declared zeros are that part of the words and of the MACs that are not on padding") {
  LoweredNetwork network = one_layer();
  network.tensors[0].zero_fraction = 0.25;
  const NetworkZeros zeros = declared_zeros(network, Precision::int16);
  CHECK(zeros.source == ZerosSource::declared);
  CHECK(zeros.layers.empty());
  CHECK(zeros.maps[0].zero_words == 25);
  CHECK(zeros.maps[0].coded_ratio == run_length_ratio(0.25, Precision::int16));
  CHECK(zeros.maps[1] == MapZeros{});
  const OperandZeroCounts counts = declared_operands(network, {-1})[0];
  CHECK(counts.weights == 0);
  CHECK(counts.macs_zero_weight == 0);
  CHECK(counts.macs_zero_activation == kOnPadding + (kMacs - kOnPadding) / 4);
  CHECK(counts.macs_zero_either == counts.macs_zero_activation);
}

TEST_CASE("A run-length code of declared zeros is of the tensor's own words") {
  LoweredNetwork network = one_layer();
  for (LoweredTensor& tensor : network.tensors) tensor.zero_fraction = 0.75;
  network.tensors[0].precision = Precision::int16;
  network.tensors[1].precision = Precision::int8;
  for (const Precision run : {Precision::int8, Precision::int16}) {
    const NetworkZeros zeros = declared_zeros(network, run);
    CHECK(zeros.maps[0].coded_ratio == run_length_ratio(0.75, Precision::int16));
    CHECK(zeros.maps[1].coded_ratio == run_length_ratio(0.75, Precision::int8));
  }
  CHECK(run_length_ratio(0.75, Precision::int8) != run_length_ratio(0.75, Precision::int16));
}

TEST_CASE("Zero weights and declared zero activations meet by chance") {
  LoweredNetwork network = one_layer();
  network.tensors[0].zero_fraction = 0.5;
  const OperandZeroCounts half = declared_operands(network, {144})[0];  // of 288 weights
  CHECK(half.weights == 288);
  CHECK(half.macs_zero_weight == kMacs / 2);
  CHECK(half.macs_zero_either ==
        half.macs_zero_activation + kMacs / 2 - half.macs_zero_activation / 2);
  CHECK(declared_operands(network, {288})[0].macs_zero_either == kMacs);
  const OperandZeroCounts none = declared_operands(network, {0})[0];
  CHECK(none.macs_zero_either == none.macs_zero_activation);
}

TEST_CASE("Scattered zeros are that part of the weights in whatever ranges they are counted") {
  testing::Random random(7);
  for (int i = 0; i < 200; ++i) {
    const int M = random.between(1, 70), C = random.between(1, 40), taps = random.between(1, 12);
    const double fraction = 0.001 * random.between(1, 1000);
    INFO("M " << M << ", C " << C << ", taps " << taps << ", fraction " << fraction);
    const ZeroWeights zeros = ZeroWeights::scattered(fraction, taps);
    std::int64_t sum = 0;
    for (int m = 0; m < M; ++m) {
      for (int c = 0; c < C; ++c) {
        const std::int64_t here = zeros.count({m, m + 1}, {c, c + 1});
        CHECK((here >= 0 && here <= taps));
        sum += here;
      }
    }
    CHECK(zeros.count({0, M}, {0, C}) == sum);
    CHECK(std::abs(static_cast<double>(sum) - fraction * M * C * taps) <= M);
    const int from = random.between(0, M - 1), to = random.between(from + 1, M);
    const int cut = random.between(from, to), c = random.between(0, C - 1);
    const std::int64_t one = zeros.count({from, to}, {c, c + 1});
    CHECK(one == zeros.count({from, cut}, {c, c + 1}) + zeros.count({cut, to}, {c, c + 1}));
    const auto bounds = zeros.in_any_channel({from, to});
    CHECK((bounds->least <= one && one <= bounds->most));
  }
  CHECK(ZeroWeights::scattered(0, 9).empty());
  CHECK(ZeroWeights::scattered(1, 9).count({3, 5}, {0, 7}) == 2 * 7 * 9);
  CHECK(ZeroWeights::scattered(0.4, 1).count({0, 4096}, {0, 9216}) ==
        Approx(0.4 * 4096 * 9216).margin(256));
  CHECK_FALSE(ZeroWeights().in_any_channel({0, 1}).has_value());
}

TEST_CASE("Sparsities add up field by field, and fractions are those of the sums") {
  Sparsity sum{.weights_counted = 10, .zero_weights = 5, .energy_saved = Energy(1)};
  sum += {.weights_counted = 30, .zero_weights = 5, .macs_gated = 3, .energy_saved = Energy(2)};
  CHECK(sum.zero_weight_fraction() == 0.25);
  CHECK(sum.macs_gated == 3);
  CHECK(sum.energy_saved == Energy(3));
  CHECK(sum.saves());
  CHECK(Sparsity{}.zero_ifmap_fraction() == 0);
  CHECK_FALSE(Sparsity{.zero_weights = 4}.saves());
}

}  // namespace
}  // namespace ridgeline
