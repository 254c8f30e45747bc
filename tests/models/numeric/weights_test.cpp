#include "models/numeric/weights.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "models/numeric/workload.hpp"
#include "tests/models/numeric/small_networks.hpp"

namespace ridgeline {
namespace {

std::size_t index_of(const LoweredNetwork& lowered, std::string_view name) {
  for (std::size_t i = 0; i < lowered.layers.size(); ++i) {
    if (lowered.layers[i].name == name) return i;
  }
  FAIL("no layer " << name);
  return 0;
}

LoweredNetwork classifier(int M) {
  NetworkBuilder b("classifier", "test", {1, 3000, 1, 1});
  b.fully_connected("fc", b.input(), {.M = M});
  return lower(std::move(b).build());
}

TEST_CASE("Filters without a workload are those of the workload, word for word") {
  for (const Network& network : {small_networks::fires(), small_networks::everything()}) {
    const LoweredNetwork lowered = lower(network);
    for (const Precision precision : {Precision::int8, Precision::int16}) {
      const Workload workload = make_workload(lowered, {.precision = precision, .seed = 5});
      for (std::size_t i = 0; i < lowered.layers.size(); ++i) {
        if (!runs_on_array(lowered.layers[i].kind)) continue;
        INFO(lowered.layers[i].name);
        CHECK(make_filters(lowered, i, WorkloadRequest{precision, 5}) ==
              workload.layers[i].filters);
      }
    }
    const Workload workload = make_workload(lowered, {.precision = Precision::fp32, .seed = 5});
    for (std::size_t i = 0; i < lowered.layers.size(); ++i) {
      if (!runs_on_array(lowered.layers[i].kind)) continue;
      INFO(lowered.layers[i].name);
      CHECK(count_zero_weights(make_filters(lowered, i, WorkloadRequest{Precision::fp32, 5})) ==
            count_zero_weights(workload.layers[i].filters));
    }
  }
}

TEST_CASE("Raw weights are He-normal, with the taps of a filter as fan-in") {
  const LoweredNetwork lowered = lower(small_networks::everything());
  for (const auto& [name, fan_in] : {std::pair{"stem", 36}, {"grouped", 54}, {"logits", 2520}}) {
    const std::size_t index = index_of(lowered, name);
    const auto filters =
        std::get<Tensor<float>>(make_filters(lowered, index, WorkloadRequest{Precision::fp32, 1}));
    double squares = 0;
    for (const double w : filters.data) squares += w * w;
    const double n = static_cast<double>(filters.data.size());
    INFO(name);
    CHECK(filters.shape.C * filters.shape.H * filters.shape.W == fan_in);
    CHECK(std::abs(squares / n * fan_in / 2 - 1) < 6 / std::sqrt(n));
  }
}

TEST_CASE("The largest weight of every filter takes the largest word") {
  const LoweredNetwork lowered = lower(small_networks::everything());
  const std::size_t index = index_of(lowered, "grouped");
  const auto filters = std::get<Tensor<std::int16_t>>(
      make_filters(lowered, index, WorkloadRequest{Precision::int16, 1}));
  for (auto at = filters.data.begin(); at != filters.data.end(); at += 54) {
    int largest = 0;
    for (auto word = at; word != at + 54; ++word) largest = std::max(largest, std::abs(int{*word}));
    CHECK(largest == 32767);
  }
}

TEST_CASE("Quantisation rounds each weight to the nearest word, ties upwards") {
  Tensor<float> raw({2, 1, 1, 4});
  raw.data = {127, 0.5F, -0.5F, -1.51F, -0.25F, 0.125F, 0, 0.001F};
  AnyTensor words = make_tensor(Precision::int8, raw.shape);
  std::vector<double> scales;
  store_filters(raw, 0, words, scales);
  CHECK(std::get<Tensor<std::int8_t>>(words).data ==
        std::vector<std::int8_t>{127, 1, 0, -2, -127, 64, 0, 1});
  CHECK(scales == std::vector<double>{1, 0.25 / 127});
}

TEST_CASE("A BatchNorm that runs on its own has filters of ones") {
  const LoweredNetwork lowered = lower(small_networks::everything());
  const std::size_t index = index_of(lowered, "bn_alone");
  REQUIRE(lowered.layers[index].batch_norm == lowered.layers[index].node);
  const auto filters = std::get<Tensor<std::int8_t>>(
      make_filters(lowered, index, WorkloadRequest{Precision::int8, 1}));
  CHECK(filters.data == std::vector<std::int8_t>(12, 127));
}

TEST_CASE("A filter depends on seed, layer and filter, not on the others of its layer") {
  const AnyTensor few = make_filters(classifier(8), 0, WorkloadRequest{Precision::int8, 1});
  const AnyTensor many =
      make_filters(classifier(700), 0, WorkloadRequest{Precision::int8, 1});  // several blocks
  const auto& a = std::get<Tensor<std::int8_t>>(few).data;
  const auto& b = std::get<Tensor<std::int8_t>>(many).data;
  CHECK(std::equal(a.begin(), a.end(), b.begin()));
  std::set<std::vector<std::int8_t>> beginnings;
  for (auto at = b.begin(); at != b.end(); at += 3000) beginnings.emplace(at, at + 20);
  CHECK(beginnings.size() == 700);
  CHECK_FALSE(make_filters(classifier(8), 0, WorkloadRequest{Precision::int8, 2}) == few);
  CHECK(make_filters(classifier(8), 0, WorkloadRequest{Precision::int8, 1}) == few);
  CHECK(
      make_workload(classifier(700), {.precision = Precision::int8, .seed = 1}).layers[0].filters ==
      many);
}

TEST_CASE("Blocks of filters cover a layer once; a grouped layer is one block") {
  ConvShape shape{.M = 1001, .C = 20000};
  int next = 0;
  for (const Range block : filter_blocks(shape)) {
    CHECK(block.begin == next);
    CHECK(block.size() > 0);
    next = block.end;
  }
  CHECK(next == 1001);
  CHECK(filter_blocks(shape).size() > 1);
  shape.G = 7;
  CHECK(filter_blocks(shape) == std::vector<Range>{{0, 1001}});
}

TEST_CASE("Zero weights are counted for every filter and channel") {
  Tensor<std::int8_t> filters({2, 2, 1, 3});
  filters.data = {0, 1, 0, 2, 3, 4, 0, 0, 0, -1, 0, 5};
  CHECK(count_zero_weights(filters) == std::vector<std::int32_t>{2, 0, 3, 1});
  Tensor<float> real({1, 1, 1, 2});
  real.data = {0.0F, 1e-30F};
  CHECK(count_zero_weights(real) == std::vector<std::int32_t>{1});
}

}  // namespace
}  // namespace ridgeline
