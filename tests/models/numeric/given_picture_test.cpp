#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "models/base/error.hpp"
#include "models/numeric/picture.hpp"
#include "models/numeric/reference.hpp"
#include "models/numeric/workload.hpp"
#include "tests/models/numeric/small_networks.hpp"

namespace ridgeline {
namespace {

TEST_CASE("A given picture is the workload's input, and the layers are calibrated on it") {
  const LoweredNetwork network = lower(small_networks::everything());
  Tensor<float> picture = make_picture(network.network.input(), 4);
  for (float& x : picture.data) x = 100 * x + 20;
  for (const Precision precision : {Precision::fp32, Precision::int16, Precision::int8}) {
    const Workload given = make_workload(network, {.precision = precision, .picture = picture});
    const Workload seeded = make_workload(network, {.precision = precision});
    CHECK((given.quantizations == seeded.quantizations) == (precision == Precision::fp32));
    CHECK(given.weights_note.find("on the given picture") != std::string::npos);
    if (precision == Precision::fp32) {
      CHECK(std::get<Tensor<float>>(given.input) == picture);
    } else {
      CHECK(given.quantizations.front().scale > 80 * seeded.quantizations.front().scale);
    }
  }
}

TEST_CASE("The seeded picture given as a picture makes the same workload as the seed") {
  const LoweredNetwork network = lower(small_networks::everything());
  const Workload given =
      make_workload(network, {.seed = 5, .picture = make_picture(network.network.input(), 5)});
  const Workload seeded = make_workload(network, {.seed = 5});
  CHECK(given.input == seeded.input);
  CHECK(given.quantizations == seeded.quantizations);
  CHECK(reference::run_network(given) == reference::run_network(seeded));
}

TEST_CASE("A picture of the wrong shape, or whose numbers could overflow, is refused") {
  const LoweredNetwork network = lower(small_networks::everything());
  const auto message = [&](Tensor<float> picture) -> std::string {
    try {
      (void)make_workload(network, {.picture = std::move(picture)});
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  TensorShape shape = network.network.input();
  CHECK(message(make_picture(shape, 1)) == "accepted");
  CHECK(message(Tensor<float>(shape)) == "accepted");  // all zero
  for (const auto& [value, part] :
       std::initializer_list<std::pair<float, const char*>>{{std::nanf(""), "not finite"},
                                                            {HUGE_VALF, "not finite"},
                                                            {-1e10F, "1e+10"},
                                                            {1e-10F, "1e-10"}}) {
    Tensor<float> picture(shape);
    picture.data[3] = value;
    CHECK(message(std::move(picture)).find(part) != std::string::npos);
  }
  std::swap(shape.N, shape.C);
  const std::string wrong = message(Tensor<float>(shape));
  CHECK(wrong.find(fmt::format("{}x{}x", shape.N, shape.C)) != std::string::npos);
  CHECK(wrong.find(fmt::format("{}x{}x", shape.C, shape.N)) != std::string::npos);
}

}  // namespace
}  // namespace ridgeline
