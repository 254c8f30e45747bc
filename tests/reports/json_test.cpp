#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "models/arch/architecture_json.hpp"
#include "reports/report.hpp"
#include "tests/reports/sample_run.hpp"

namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys_of(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& item : json.items()) keys.push_back(item.key());
  return keys;
}

TEST_CASE("The JSON report has exactly the keys of ridgeline.run/1, and the documented additions") {
  using Keys = std::vector<std::string>;
  const Json json = Json::parse(render_json(sample_run()));
  CHECK(json["schema"] == "ridgeline.run/1");
  CHECK(keys_of(json) == Keys{"schema", "engine", "arch", "network", "precision", "dataflow",
                              "objective", "seed", "data", "weights", "energy_unit",
                              "activation_zeros", "layers", "total"});
  CHECK(keys_of(json["network"]) == Keys{"name", "input", "macs", "parameters"});
  const Json& layer = json["layers"][0];
  CHECK(keys_of(layer) == Keys{"name",
                               "op",
                               "fused",
                               "dataflow",
                               "macs",
                               "macs_skipped",
                               "parameters",
                               "shape",
                               "mapping",
                               "ifmap_on_chip",
                               "residual_on_chip",
                               "ofmap_on_chip",
                               "cycles",
                               "latency_us",
                               "overlapped_cycles",
                               "utilization",
                               "bytes",
                               "accesses",
                               "accesses_by_operand",
                               "energy_pj",
                               "roofline",
                               "check",
                               "sparsity"});
  CHECK(keys_of(layer["shape"]) ==
        Keys{"N", "G", "M", "C", "H", "W", "R", "S", "P", "Q", "stride", "pad", "dilation"});
  CHECK(keys_of(layer["mapping"]) == Keys{"tile", "order"});
  CHECK(keys_of(layer["mapping"]["tile"]) == Keys{"N", "G", "M", "C", "P", "Q"});
  CHECK(keys_of(json["total"]) == Keys{"name", "layers", "macs", "macs_skipped", "parameters",
                                       "cycles", "latency_us", "overlapped_cycles", "utilization",
                                       "bytes", "accesses", "accesses_by_operand", "energy_pj",
                                       "roofline", "check", "sparsity"});
  for (const Json& sums : {layer, json["total"]}) {
    CHECK(keys_of(sums["cycles"]) == Keys{"total", "compute", "fill_drain", "stationary_load",
                                          "glb_stall", "dram_stall", "vector_stall"});
    CHECK(keys_of(sums["bytes"]) == Keys{"dram_read", "dram_write", "glb_read", "glb_write"});
    CHECK(keys_of(sums["accesses"]) == Keys{"mac", "rf_read", "rf_write", "noc", "glb_read",
                                            "glb_write", "dram_read", "dram_write"});
    CHECK(keys_of(sums["energy_pj"]) ==
          Keys{"mac", "rf", "noc", "glb", "dram", "vector", "leakage", "total"});
    CHECK(keys_of(sums["roofline"]) == Keys{"macs_per_dram_byte", "macs_per_glb_byte",
                                            "attained_macs_per_cycle", "roof_macs_per_cycle",
                                            "bound"});
    CHECK(keys_of(sums["check"]) ==
          Keys{"compared", "mismatches", "max_abs_error", "first_mismatch"});
    CHECK(keys_of(sums["sparsity"]) ==
          Keys{"weights_counted", "zero_weights", "ifmap_words", "zero_ifmap_words", "ofmap_words",
               "zero_ofmap_words", "macs_zero_weight", "macs_zero_activation", "macs_zero_either",
               "macs_gated", "cycles_saved", "dram_bytes_saved", "macs_skipped", "energy_saved_pj",
               "zero_weight_fraction", "zero_ifmap_fraction", "zero_ofmap_fraction"});
  }
}

TEST_CASE("The JSON report names the words of each layer where they are of several widths") {
  RunStats run = sample_run();
  for (LayerStats& layer : run.layers) layer.precision = run.precision;
  const Json uniform = Json::parse(render_json(run));
  for (const Json& layer : uniform["layers"]) {
    CHECK_FALSE(layer.contains("precision"));
    CHECK_FALSE(layer.contains("ofmap_precision"));
  }
  run.layers.front().precision = {Precision::int8, Precision::int16, Precision::int8};
  const Json json = Json::parse(render_json(run));
  for (const Json& layer : json["layers"]) CHECK(layer["precision"] == "int8");
  CHECK(json["layers"].front()["ofmap_precision"] == "int16");
  CHECK(json["layers"].back()["ofmap_precision"] == "int8");
}

TEST_CASE("The JSON report's values are the run's") {
  const RunStats run = sample_run();
  const Json json = Json::parse(render_json(run));
  CHECK(json["arch"] == Json::parse(to_json_text(run.arch)));
  CHECK(json["network"]["input"] == Json{1, 3, 19, 19});
  CHECK(json["seed"] == 7);
  CHECK(json["data"] == true);
  CHECK(json["energy_unit"] == "MAC");
  const Json& conv = json["layers"][0];
  CHECK(conv["shape"]["stride"] == Json{2, 2});
  CHECK(conv["shape"]["pad"] == Json{1, 0, 1, 0});
  CHECK(conv["fused"] == Json{"relu"});
  CHECK(conv["cycles"]["total"] == 1100);
  CHECK(conv["latency_us"] == 2.2);
  CHECK(conv["energy_pj"]["total"] == run.layers[0].energy.total().count());
  CHECK(conv["roofline"]["bound"] == "compute");
  const Json& pool = json["layers"][1];
  CHECK(pool["shape"]["P"] == 5);  // of the ceil mode's ofmap, not of the window alone
  CHECK(json["total"]["cycles"]["total"] == 1300);
  CHECK(json["total"]["check"]["compared"] == 880);
}

TEST_CASE("The JSON report says how many words are zero, as counts and as fractions") {
  RunStats run = sample_run();
  run.activation_zeros = ZerosSource::measured;
  run.layers[0].sparsity = {.weights_counted = 200, .zero_weights = 50, .energy_saved = Energy(4)};
  run.layers[1].sparsity = {.ifmap_words = 40, .zero_ifmap_words = 10, .energy_saved = Energy(3)};
  const Json json = Json::parse(render_json(run));
  CHECK(json["activation_zeros"] == "measured");
  CHECK(json["layers"][0]["sparsity"]["zero_weights"] == 50);
  CHECK(json["layers"][0]["sparsity"]["zero_weight_fraction"] == 0.25);
  CHECK(json["layers"][0]["sparsity"]["zero_ifmap_fraction"] == 0);
  CHECK(json["layers"][0]["sparsity"]["macs_skipped"] == json["layers"][0]["macs_skipped"]);
  CHECK(json["total"]["sparsity"]["zero_weight_fraction"] == 0.25);
  CHECK(json["total"]["sparsity"]["zero_ifmap_fraction"] == 0.25);
  CHECK(json["total"]["sparsity"]["energy_saved_pj"] == 7);
}

TEST_CASE("The JSON report stays JSON whatever the names hold") {
  RunStats run = sample_run();
  run.layers[0].name = "quote\" backslash\\ \x1b \xFF";
  const Json json = Json::parse(render_json(run));
  CHECK(json["layers"][0]["name"] == "quote\" backslash\\ \x1b \xEF\xBF\xBD");
}

TEST_CASE("The largest seed survives the JSON report") {
  RunStats run = sample_run();
  run.seed = 18446744073709551615U;
  CHECK(Json::parse(render_json(run))["seed"] == 18446744073709551615U);
}

}  // namespace
}  // namespace ridgeline::reports
