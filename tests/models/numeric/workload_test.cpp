#include "models/numeric/workload.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/base/error.hpp"
#include "models/network/zoo/zoo.hpp"
#include "models/numeric/picture.hpp"
#include "models/numeric/reference.hpp"
#include "tests/models/numeric/small_networks.hpp"

namespace ridgeline {
namespace {

using small_networks::conv;

struct Run {
  Workload workload;
  std::vector<AnyTensor> tensors;

  Run(Network network, Precision precision, std::uint64_t seed = 1)
      : workload(make_workload(lower(std::move(network)), {.precision = precision, .seed = seed})),
        tensors(reference::run_network(workload)) {}

  [[nodiscard]] std::vector<double> real(TensorId id) const {
    const auto index = static_cast<std::size_t>(id);
    std::vector<double> values;
    std::visit(
        [&](const auto& tensor) {
          for (const auto word : tensor.data) {
            values.push_back(static_cast<double>(word) * workload.quantizations[index].scale);
          }
        },
        tensors[index]);
    return values;
  }
  [[nodiscard]] TensorId named(std::string_view name) const {
    for (std::size_t id = 0; id < workload.lowered.tensors.size(); ++id) {
      if (workload.lowered.tensors[id].name == name) return static_cast<TensorId>(id);
    }
    FAIL("no tensor " << name);
    return 0;
  }
  [[nodiscard]] double scale(std::string_view name) const {
    return workload.quantizations[static_cast<std::size_t>(named(name))].scale;
  }
  [[nodiscard]] const LayerParameters& parameters(std::string_view layer) const {
    for (std::size_t i = 0; i < workload.layers.size(); ++i) {
      if (workload.lowered.layers[i].name == layer) return workload.layers[i];
    }
    FAIL("no layer " << layer);
    return workload.layers.front();
  }
};

/// Signal to quantisation noise, in dB.
double sqnr(const Run& integers, const Run& floats, TensorId id) {
  const std::vector<double> a = integers.real(id), b = floats.real(id);
  double signal = 0, noise = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    signal += b[i] * b[i];
    noise += (a[i] - b[i]) * (a[i] - b[i]);
  }
  return 10 * std::log10(signal / noise);
}

template <class Predicate>
double share(const std::vector<double>& values, Predicate predicate) {
  double count = 0;
  for (const double value : values) count += predicate(value) ? 1 : 0;
  return count / static_cast<double>(values.size());
}

TEST_CASE("int8 and int16 stay close to fp32 in every tensor of every kind of layer") {
  for (const Network& network : {small_networks::fires(), small_networks::everything()}) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      const Run floats(network, Precision::fp32, seed);
      const Run bytes(network, Precision::int8, seed), words(network, Precision::int16, seed);
      for (const LoweredLayer& layer : floats.workload.lowered.layers) {
        INFO(network.name << ", seed " << seed << ", layer " << layer.name);
        CHECK(sqnr(bytes, floats, layer.output) > 15);
        CHECK(sqnr(words, floats, layer.output) > 60);
      }
    }
  }
}

TEST_CASE("Rounding errors do not grow through the layers of a deep network with BatchNorm") {
  const Network network = zoo::make("squeezenext_1.0_23v5");
  const Run floats(network, Precision::fp32), bytes(network, Precision::int8);
  CHECK(sqnr(bytes, floats, floats.workload.lowered.output) > 20);
}

TEST_CASE("Activations neither die nor saturate") {
  for (const char* name : {"fires", "squeezenet_v1.1", "tiny_darknet"}) {
    const Network network =
        name == std::string("fires") ? small_networks::fires() : zoo::make(name);
    const Run floats(network, Precision::fp32), bytes(network, Precision::int8);
    for (const LoweredLayer& layer : floats.workload.lowered.layers) {
      INFO(name << ", layer " << layer.name);
      if (layer.relu && runs_on_array(layer.kind)) {
        const double zeros = share(floats.real(layer.output), [](double x) { return x == 0; });
        CHECK(zeros > 0.2);
        CHECK(zeros < 0.8);
      }
      if (!runs_on_array(layer.kind)) continue;
      const double limit =
          126.5 * bytes.workload.quantizations[static_cast<std::size_t>(layer.output)].scale;
      CHECK(share(bytes.real(layer.output), [&](double x) { return std::abs(x) > limit; }) < 0.01);
    }
  }
}

TEST_CASE("Every convolution's output has unit variance, with and without BatchNorm") {
  NetworkBuilder b("chain", "test", {1, 3, 31, 31});
  ConvOp unbiased = conv(32, 3);
  unbiased.bias = false;
  NodeId x = b.conv("one", b.input(), unbiased);
  x = b.conv("two", x, conv(48, 5, 2));
  x = b.batch_norm("two/bn", x);
  x = b.batch_norm("alone", b.pool("pool", x, small_networks::pool(PoolKind::max, 2, 1)));
  b.fully_connected("three", x, {.M = 200, .bias = false});
  const Run run(std::move(b).build(), Precision::fp32);
  for (const LoweredLayer& layer : run.workload.lowered.layers) {
    if (!runs_on_array(layer.kind)) continue;
    double sum = 0, squares = 0;
    const std::vector<double> values = run.real(layer.output);
    for (const double value : values) {
      sum += value;
      squares += value * value;
    }
    const double n = static_cast<double>(values.size()), mean = sum / n;
    INFO(layer.name);
    CHECK(std::abs(squares / n - mean * mean - 1) < 0.12);  // the bias adds 0.01, gammas vary
    if (layer.batch_norm) CHECK(std::abs(mean) < 0.1);
  }
  for (const char* name : {"one", "three"}) {
    for (const ChannelRecord& channel : run.parameters(name).channels) {
      CHECK(channel.bias_fp32 == 0);
    }
  }
}

TEST_CASE("Scales are shared through concatenations and kept by pools and copies") {
  const Run run(small_networks::everything(), Precision::int8);
  const double concat = run.scale("outer");
  for (const LoweredTensor& tensor : run.workload.lowered.tensors) {
    if (tensor.storage == run.named("outer")) CHECK(run.scale(tensor.name) == concat);
  }
  CHECK(run.scale("pooled") == concat);
  CHECK(run.parameters("pooled").rescale() == Approx(run.scale("separate") / concat));
  CHECK(run.parameters("averaged").rescale() == Approx(concat / run.scale("averaged")));
  CHECK(run.scale("softmax") == 1.0 / 127);

  const Run fires(small_networks::fires(), Precision::int16);
  CHECK(
      fires.scale("pool1") ==
      fires.workload.quantizations[static_cast<std::size_t>(fires.workload.lowered.layers[1].input)]
          .scale);
  CHECK(fires.parameters("pool1").rescale() == 1);
  const Run floats(small_networks::everything(), Precision::fp32);
  CHECK(floats.workload.quantizations ==
        std::vector<Quantization>(floats.workload.lowered.tensors.size()));
}

TEST_CASE("A pool that misses the largest word of its input keeps its scale all the same") {
  NetworkBuilder b("sparse_pool", "test", {1, 3, 20, 20});
  const NodeId x = b.conv("conv", b.input(), conv(4, 3));
  b.conv("last", b.pool("pool", x, small_networks::pool(PoolKind::max, 1, 5)), conv(4, 1));
  const Run run(std::move(b).build(), Precision::int8);
  for (const double word : run.real(run.named("pool"))) {
    REQUIRE(std::abs(word) < 126.5 * run.scale("conv"));
  }
  CHECK(run.scale("pool") == run.scale("conv"));
}

TEST_CASE("The largest magnitude of a tensor takes the largest word") {
  const Run run(small_networks::fires(), Precision::int16);
  const Run floats(small_networks::fires(), Precision::fp32);
  const TensorId concat = run.named("fire3/concat");
  double largest = 0;
  for (const double x : floats.real(concat)) largest = std::max(largest, std::abs(x));
  CHECK(run.scale("fire3/concat") == Approx(largest / 32767).epsilon(1e-5));
}

TEST_CASE("A concatenation's tensor holds its parts' channels") {
  const Run run(small_networks::everything(), Precision::int8);
  const TensorId outer = run.named("outer");
  const auto& whole = std::get<Tensor<std::int8_t>>(run.tensors[static_cast<std::size_t>(outer)]);
  int parts = 0;
  for (std::size_t id = 0; id < run.tensors.size(); ++id) {
    const LoweredTensor& info = run.workload.lowered.tensors[id];
    if (info.storage != outer || static_cast<TensorId>(id) == outer) continue;
    const auto& part = std::get<Tensor<std::int8_t>>(run.tensors[id]);
    for (int n = 0; n < part.shape.N; ++n) {
      for (int c = 0; c < part.shape.C; ++c) {
        REQUIRE(part.at(n, c, 3, 2) == whole.at(n, c + info.channel_offset, 3, 2));
        REQUIRE(part.at(n, c, 23, 19) == whole.at(n, c + info.channel_offset, 23, 19));
      }
    }
    ++parts;
  }
  CHECK(parts >= 3);
}

TEST_CASE("A workload depends on its seed alone") {
  const Run a(small_networks::everything(), Precision::int8, 9);
  const Run b(small_networks::everything(), Precision::int8, 9);
  const Run c(small_networks::everything(), Precision::int8, 10);
  CHECK(a.tensors == b.tensors);
  CHECK(a.workload.quantizations == b.workload.quantizations);
  CHECK_FALSE(a.workload.input == c.workload.input);
  CHECK_FALSE(a.parameters("stem").filters == c.parameters("stem").filters);
  CHECK(a.workload.weights_note.find("seed 9 ") != std::string::npos);
}

TEST_CASE("A layer whose accumulator could overflow is refused by name") {
  const auto network = [](int C) {
    NetworkBuilder b("wide", "test", {1, C, 1, 1});
    b.fully_connected("too_wide", b.input(), {.M = 2});
    return lower(std::move(b).build());
  };
  CHECK_NOTHROW(make_workload(network(130000), {.precision = Precision::int8, .seed = 1}));
  CHECK_NOTHROW(make_workload(network(140000), {.precision = Precision::int16, .seed = 1}));
  try {
    (void)make_workload(network(140000), {.precision = Precision::int8, .seed = 1});
    FAIL("not refused");
  } catch (const InputError& error) {
    CHECK(error.problem().place == "too_wide");
    CHECK(error.problem().file == "wide");
    CHECK(error.problem().what.find("overflow") != std::string::npos);
  }
}

TEST_CASE("The picture fills -1..1, is smooth, seeded, and the same whatever the batch") {
  const Tensor<float> picture = make_picture({2, 3, 64, 48}, 3);
  double largest = 0, step = 0, energy = 0;
  for (int c = 0; c < 3; ++c) {
    for (int h = 0; h < 64; ++h) {
      for (int w = 1; w < 48; ++w) {
        const double x = picture.at(0, c, h, w), left = picture.at(0, c, h, w - 1);
        largest = std::max({largest, std::abs(x), std::abs(left)});
        step += (x - left) * (x - left);
        energy += x * x;
      }
    }
  }
  CHECK(largest == 1);
  CHECK(energy / (3 * 64 * 47) > 0.02);
  CHECK(step / energy < 0.2);
  const Tensor<float> alone = make_picture({1, 3, 64, 48}, 3);
  CHECK(std::equal(alone.data.begin(), alone.data.end(), picture.data.begin()));
  double difference = 0;  // between the pictures of one batch
  for (std::size_t i = 0; i < alone.data.size(); ++i) {
    difference += std::pow(picture.data[i] - picture.data[i + alone.data.size()], 2);
  }
  CHECK(difference > 0.3 * energy);
  CHECK_FALSE(make_picture({1, 3, 64, 48}, 4) == alone);
}

}  // namespace
}  // namespace ridgeline
