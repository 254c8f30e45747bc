#include "models/network/weight_matching.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/base/error.hpp"

namespace ridgeline {
namespace {

/// conv a (2 filters of 1x1x1) -> [BatchNorm] -> conv b (1 filter of 2x1x1)
Network two_layers(bool with_norm, bool with_bias, const std::string& prefix = "") {
  NetworkBuilder net("net", "a test", {.C = 1, .H = 2, .W = 2});
  NodeId x = net.conv(prefix + "a", net.input(), {.M = 2, .bias = with_bias});
  if (with_norm) x = net.batch_norm(prefix + "norm", x);
  net.conv(prefix + "b", x, {.M = 1, .bias = with_bias});
  return std::move(net).build();
}

std::string error_of(const Network& network, const TrainedNetwork& trained) {
  try {
    (void)weights_for(network, trained, "file.onnx");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("Weights meet their layers in order, or by name if all names are there") {
  TrainedNetwork trained{.network = two_layers(false, true, "other/"),
                         .weights = {{}, {{1, 2}, {3, 4}}, {{5, 6}, {7}}}};
  const Network network = two_layers(false, true);
  CHECK(weights_for(network, trained, "f") == trained.weights);

  NetworkBuilder reversed("net", "a test", {.C = 1, .H = 2, .W = 2});
  const NodeId b = reversed.conv("b", reversed.input(), {.M = 2});
  reversed.conv("a", b, {.M = 1});
  trained = {.network = two_layers(false, true), .weights = trained.weights};
  CHECK_THAT(error_of(std::move(reversed).build(), trained),
             Catch::StartsWith("file.onnx: node 'b': has filters of 1x2x1x1 where layer 'b' of net "
                               "has 2x1x1x1"));
}

TEST_CASE("A BatchNorm that the file has folded takes the bias and passes values") {
  const TrainedNetwork trained{.network = two_layers(false, true),
                               .weights = {{}, {{1, 2}, {3, 4}}, {{5, 6}, {0}}}};
  const auto weights = weights_for(two_layers(true, false), trained, "f");
  CHECK(weights[1].bias.empty());
  CHECK(weights[2].beta == std::vector<float>{3, 4});
  CHECK(weights[2].gamma[0] / std::sqrt(weights[2].variance[0] + 1e-5F) == Approx(1));
}

TEST_CASE("Weights that do not fit are refused by layer") {
  const TrainedNetwork trained{.network = two_layers(false, true),
                               .weights = {{}, {{1, 2}, {3, 4}}, {{5, 6}, {7}}}};
  CHECK_THAT(error_of(two_layers(false, false), trained),
             Catch::Contains("has a bias for layer 'a', which has none in net"));
  NetworkBuilder one("one", "a test", {.C = 1, .H = 2, .W = 2});
  one.conv("a", one.input(), {.M = 2});
  CHECK_THAT(error_of(std::move(one).build(), trained),
             Catch::Contains("has 2 layers with weights; allowed: 1, as one has"));
}

}  // namespace
}  // namespace ridgeline
