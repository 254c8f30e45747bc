#include "sim/cli/density_option.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "models/base/error.hpp"
#include "tests/cli/program_runner.hpp"
#include "tests/models/numeric/small_networks.hpp"

namespace ridgeline::cli {
namespace {

using Catch::Matchers::Contains;
using Words = std::vector<std::string>;

Densities densities(const std::string& text, const char* option = "--activation-density") {
  const Command command{.name = "run",
                        .summary = "",
                        .usage = {},
                        .description = "",
                        .options = density_options(),
                        .examples = {},
                        .run = nullptr};
  const Words words{option, text};
  return read_densities(Arguments(command, words));
}

double zeros_of(const LoweredNetwork& network, const std::string& layer) {
  for (const LoweredLayer& one : network.layers) {
    if (one.name == layer)
      return network.tensors[static_cast<std::size_t>(one.output)].zero_fraction;
  }
  FAIL("no layer " << layer);
  return -1;
}

Finished run_program(const Words& words) {
  const ScratchFolder scratch;
  return run_program_in(scratch.path(), words);
}

Words run(const Words& more) {
  Words words{"run", "--arch", "eyeriss_v1", "--network", kQuickNetwork};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

nlohmann::json report(const Words& more) {
  Words words = run(more);
  words.insert(words.end(), {"--no-data", "--format", "json"});
  const Finished finished = run_program(words);
  INFO(finished.err);
  REQUIRE(finished.code == 0);
  return nlohmann::json::parse(finished.out);
}

TEST_CASE("A density is declared for all feature maps but the input, or for those that are named") {
  LoweredNetwork network = lower(small_networks::fires());
  declare_densities(network, densities("0.5, fire2/*=0.25,conv1=1"));
  CHECK(network.tensors[0].zero_fraction == 0);
  CHECK(zeros_of(network, "conv1") == 0);
  CHECK(zeros_of(network, "fire2/squeeze") == 0.75);
  CHECK(zeros_of(network, "fire3/squeeze") == 0.5);
  declare_densities(network, densities("input=0.75"));
  CHECK(network.tensors[0].zero_fraction == 0.25);
}

TEST_CASE("A density of weights is declared for all layers of the array, or for those named") {
  LoweredNetwork network = lower(small_networks::fires());
  declare_densities(network, densities("0.5,conv1=0.75", "--weight-density"));
  for (const LoweredLayer& layer : network.layers) {
    INFO(layer.name);
    if (!runs_on_array(layer.kind)) {
      CHECK_FALSE(layer.zero_weight_fraction.has_value());
    } else {
      CHECK(layer.zero_weight_fraction == (layer.name == "conv1" ? 0.25 : 0.5));
    }
  }
  CHECK_THROWS_WITH(declare_densities(network, densities("pool*=0.5", "--weight-density")),
                    Contains("--weight-density: 'pool*' matches no layer of fires"));
  CHECK_THROWS_WITH(densities("2", "--weight-density"),
                    Contains("--weight-density: '2' is out of range"));
}

TEST_CASE("A density is a number from 0 to 1") {
  for (const char* wrong : {"x", "0.5x", "1e-1", "0x1", "0.5,", "conv1="}) {
    INFO(wrong);
    CHECK_THROWS_WITH(densities(wrong), Contains("is not such a number"));
  }
  for (const char* wrong : {"-0.1", "1.01", "conv1=2", "nan", "inf"}) {
    INFO(wrong);
    CHECK_THROWS_WITH(densities(wrong), Contains("--activation-density: ") &&
                                            Contains("is out of range; allowed: a number from 0"));
  }
  CHECK_THROWS_WITH(densities("=0.5"), Contains("names no feature map"));
}

TEST_CASE("A name that is no feature map's is refused with the nearest one") {
  LoweredNetwork network = lower(small_networks::fires());
  CHECK_THROWS_WITH(declare_densities(network, densities("fire2/squeze=0.5")),
                    Contains("'fire2/squeze' matches no feature map of fires") &&
                        Contains("did you mean 'fire2/squeeze'?"));
}

TEST_CASE("The program runs with a declared density and says that it is declared") {
  const auto dense = report({}), half = report({"--activation-density", "0.5"});
  CHECK(dense["activation_zeros"] == "declared");
  CHECK(dense["total"]["sparsity"]["zero_ofmap_fraction"] == 0);
  CHECK(half["activation_zeros"] == "declared");
  CHECK(half["total"]["sparsity"]["zero_ofmap_fraction"].get<double>() == Approx(0.5).margin(0.01));
  CHECK(half["total"]["bytes"]["dram_read"] < dense["total"]["bytes"]["dram_read"]);
  CHECK(half["total"]["sparsity"]["macs_gated"] > dense["total"]["sparsity"]["macs_gated"]);
}

TEST_CASE("The program skips declared zero weights, and counts those of weights that it is given") {
  const Words os{"run",       "--arch",           "squeezelerator_16x16",
                 "--network", kQuickNetwork,      "--dataflow",
                 "os",        "--no-data",        "--format",
                 "json",      "--weight-density", "0.6"};
  const Finished finished = run_program(os);
  REQUIRE(finished.code == 0);
  const auto json = nlohmann::json::parse(finished.out);
  CHECK(json["weight_zeros"] == "declared");
  CHECK_FALSE(report({}).contains("weight_zeros"));
  const auto& total = json["total"];
  CHECK(total["macs_skipped"].get<double>() ==
        Approx(0.4 * total["macs"].get<double>()).epsilon(0.02));
  const Finished with_data = run_program(run({"--weight-density", "0.5"}));
  CHECK(with_data.code == 2);
  CHECK_THAT(with_data.err, Contains("--weight-density: is for runs without data"));
}

TEST_CASE("A density beside data, or of nothing, is wrong input") {
  const Finished with_data = run_program(run({"--activation-density", "0.5"}));
  CHECK(with_data.code == 2);
  CHECK_THAT(with_data.err, Contains("is for runs without data"));
  const Finished of_nothing =
      run_program(run({"--no-data", "--activation-density", "nothing=0.5"}));
  CHECK(of_nothing.code == 2);
  CHECK_THAT(of_nothing.err, Contains("'nothing' matches no feature map"));
  const Finished validate = run_program({"validate", "--arch", "eyeriss_v1", "--network",
                                         kQuickNetwork, "--activation-density", "0.5"});
  CHECK(validate.code == 2);
  CHECK_THAT(validate.err, Contains("is not an option of 'ridgeline validate'"));
}

}  // namespace
}  // namespace ridgeline::cli
