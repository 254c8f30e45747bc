#include "models/sweep/sweep_spec.hpp"

#include <catch2/catch.hpp>

#include "tests/arch_configs/schema_check.hpp"
#include "tests/models/sweep/sweep_case.hpp"

using namespace ridgeline;
using namespace ridgeline::config_files;
using testing::parse_sweep;
using testing::small_sweep;

namespace {

std::string problem_with(const Json& json) {
  try {
    const SweepSpec spec = parse_sweep(json);
    (void)size_of(spec, "small.json");
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

/// The small sweep with the value at `place` replaced, or put in.
Json changed(const std::string& place, const std::string& value) {
  Json json = small_sweep();
  json[Json::json_pointer(place)] = Json::parse(value);
  return json;
}

}  // namespace

TEST_CASE("A sweep's mistakes are named with their place and what is allowed", "[sweep]") {
  const auto says = [](const Json& json, const std::string& part) {
    INFO(json.dump() << " -> " << problem_with(json));
    CHECK(problem_with(json).find(part) != std::string::npos);
  };
  CHECK(problem_with(small_sweep()).empty());
  const std::string kSet = "/axes/1/set";
  says(changed(kSet, R"({"arch.pe_array.rws": [8]})"),
       "small.json: /axes/1/set/arch.pe_array.rws: ");
  says(changed(kSet, R"({"arch.pe_array.rws": [8]})"), "did you mean 'arch.pe_array.rows'?");
  says(changed(kSet, R"({"arch.clock_mhz": []})"),
       "/axes/1/set/arch.clock_mhz: must not be so short");
  says(changed(kSet, R"({"arch.clock_mhz": {"from": 9, "to": 8, "step": 1}})"), "an empty range");
  says(changed(kSet, R"({"arch.clock_mhz": {"from": 9, "to": 10, "step": 0}})"), "must be above 0");
  says(changed(kSet, R"({"arch.clock_mhz": {"from": 9, "to": 10, "factor": 1}})"), "above 1");
  says(changed(kSet, R"({"arch.clock_mhz": {"from": 0, "to": 10, "factor": 2}})"), "above 0");
  says(changed(kSet, R"({"arch.clock_mhz": {"from": 1, "to": 1000000, "step": 1}})"), "too many");
  says(changed(kSet, R"({"arch.clock_mhz": [500, 0]})"), "/axes/1/set/arch.clock_mhz/1: is out of");
  says(changed(kSet, R"({"arch.pe_array.rows": [4]})"), "is set by an earlier axis already");
  says(changed(kSet, R"({"batch": [1, 2, 1]})"), "has the value 1 twice");
  says(changed(kSet, R"({"batch": [1, 2], "arch.clock_mhz": [1]})"), "has 1 values, but \"batch\"");
  says(changed(kSet, R"({})"), "sets nothing");
  says(changed(kSet, R"({"dataflow": ["wss"]})"), "did you mean 'ws'?");
  says(changed(kSet, R"({"arch.energy": ["nowhere"]})"), "/axes/1/set/arch.energy/0: ");
  says(changed(kSet, R"({"arch": ["squeezelerator_9x9"]})"),
       "/axes/1/set/arch/0: 'squeezelerator_9");
  says(changed(kSet, R"({"arch.energy": ["eyeriss_isca16", "horowitz_45nm"]})"),
       "/axes: the points' energies are of different units");
  says(changed(kSet, R"({"network": ["alexnet"]})"), "would replace \"networks\"");
  says(changed(kSet, R"({"network.version": ["1.0"]})"),
       "unknown network 'squeezenet_v1.1:version");
  says(changed("/axes/1/name", R"("array")"), "an earlier axis is called \"array\"");
  says(changed("/axes", "[]"), "must not be so short");
  says(changed("/networks", R"(["alexnet", "alexnet"])"), "appears twice");
  says(changed("/networks/0", R"("alxnet")"), "/networks/0: ");
  says(changed("/schema", R"("ridgeline.sweep/2")"), "/schema: ");
  says(changed("/axis", "1"), "did you mean 'axes'?");
  says(changed("/constraints", R"(["pes + 1"])"), "/constraints/0: compares nothing");
  says(changed("/constraints", R"(["pes <= 1"])"), "rules out every combination");
  says(changed("/constraints", R"(["pes > 64", "pes < 256"])"), "contradict one another");
  says(changed("/derived", R"({"arch.pe_array.rows": "4"})"), "is set by an axis already");
  says(changed("/derived", R"({"arch.energy": "4"})"), "cannot be worked out");
  says(changed("/front", R"(["latency", "latency"])"), "appears twice");
  says(changed("/front", R"(["latency", "speed"])"), "/front/1: ");
  says(changed("/sample", R"({"method": "random"})"), "/sample/points: this key is missing");
  says(changed("/sample", R"({"method": "grid", "points": 3})"), "does not go with a grid");
  Json nothing = small_sweep();
  nothing.erase("networks");
  says(nothing, "/networks: this key is missing");
}

TEST_CASE("The reader of sweeps and their schema agree", "[sweep][arch_configs]") {
  const Json schema = Json::parse(read(folder() / "schema" / "sweep.schema.json").text);
  Json good = small_sweep();
  good["summary"] = "a test";
  good["precision"] = "int16";
  good["dataflow"] = "ws";
  good["objective"] = "edp";
  good["batch"] = 2;
  good["weight_density"] = 0.6;
  good["activation_density"] = 0.5;
  good["engine"] = "analytic";
  good["derived"] = {{"arch.vector_unit.lanes", "arch.pe_array.cols"}};
  good["constraints"] = {"pes <= 1024"};
  good["sample"] = {{"method", "random"}, {"points", 4}, {"seed", 7}};
  good["front"] = {"energy", "area"};
  good["confirm"] = 1;
  good["layers"] = false;
  good["axes"].push_back(
      Json::parse(R"({"set": {"arch.clock_mhz": {"from": 1, "to": 8, "factor": 2}}})"));
  good["axes"].push_back(
      Json::parse(R"({"set": {"arch.dram.latency_cycles": {"from": 1, "to": 8, "step": 2}}})"));
  CHECK(refused(schema, good).empty());
  CHECK(problem_with(good).empty());
  for (const auto& [key, unused] : schema["properties"].items()) CHECK(good.contains(key));
  const auto both_refuse = [&](const std::string& place, const Json& value) {
    Json json = good;
    json[Json::json_pointer(place)] = value;
    INFO(place << " = " << value);
    CHECK_FALSE(refused(schema, json).empty());
    CHECK_FALSE(problem_with(json).empty());
  };
  for (const auto& [key, unused] : good.items()) both_refuse("/" + key, Json::parse("[[]]"));
  for (const char* key : {"precision", "dataflow", "objective", "engine"}) {
    both_refuse(std::string("/") + key, "neither");
  }
  both_refuse("/batch", 0);
  both_refuse("/weight_density", 1.5);
  both_refuse("/activation_density", -0.1);
  both_refuse("/confirm", 101);
  both_refuse("/front", {"latency"});
  both_refuse("/front", {"latency", "latency"});
  both_refuse("/unknown", 1);
  both_refuse("/axes/0/unknown", 1);
  both_refuse("/axes/0/set", Json::object());
  both_refuse("/axes/2/set/arch.clock_mhz/factor", 1);
  both_refuse("/axes/3/set/arch.dram.latency_cycles/step", 0);
  both_refuse("/sample/points", 0);
  both_refuse("/sample/method", "lhs");
  both_refuse("/constraints/0", "");
}

TEST_CASE("A digest follows what decides results, and nothing else", "[sweep]") {
  const std::uint64_t same = parse_sweep(small_sweep()).digest;
  CHECK(parse_sweep(changed("/summary", R"("other words")")).digest == same);
  for (const auto& [place, value] : std::vector<std::pair<std::string, std::string>>{
           {"/arch", R"("squeezelerator_8x8")"},
           {"/networks", R"(["squeezenet_v1.0"])"},
           {"/precision", R"("int16")"},
           {"/weight_density", "0.5"},
           {"/axes/1/set", R"({"arch.global_buffer.bytes": [32768, 65536, 131073]})"},
           {"/derived", R"({"arch.vector_unit.lanes": "arch.pe_array.cols"})"},
           {"/constraints", R"(["pes > 1"])"},
           {"/layers", "false"}}) {
    INFO(place);
    CHECK(parse_sweep(changed(place, value)).digest != same);
  }
}

TEST_CASE("Parameters of networks are replaced or put in", "[sweep]") {
  CHECK(with_parameter("squeezenext", "blocks", "1-1-1-1") == "squeezenext:blocks=1-1-1-1");
  CHECK(with_parameter("squeezenext:width=2", "blocks", "1-1-1-1") ==
        "squeezenext:width=2,blocks=1-1-1-1");
  CHECK(with_parameter("squeezenext:blocks=2-2-2-2,width=2", "blocks", "1-1-1-1") ==
        "squeezenext:blocks=1-1-1-1,width=2");
}
