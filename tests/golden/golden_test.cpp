#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/cli/program_runner.hpp"

/// Reports of a small network that has every kind of layer, key by key beside those that were
/// written when they were last looked at. Every key of a golden report must be there with its
/// value; newer keys may stand beside them. tests/golden/regenerate.sh writes them anew.
namespace ridgeline {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Of fractions: other compilers may round the last bit of a quotient's text differently.
constexpr double kRounding = 1e-12;

bool equal_values(const Json& golden, const Json& now) {
  if (!golden.is_number_float() || !now.is_number()) return golden == now;
  const double a = golden.get<double>(), b = now.get<double>();
  return std::abs(a - b) <= kRounding * std::abs(a);
}

/// "/layers/0/name: 'conv1' in the golden report, 'x' now", one a difference.
void differences(const Json& golden, const Json& now, const std::string& place,
                 std::vector<std::string>& found) {
  if (golden.is_structured() && golden.type() == now.type()) {
    if (golden.is_array() && golden.size() != now.size()) found.push_back(place + ": other length");
    for (const auto& item : golden.items()) {
      const std::string key = place + '/' + item.key();
      const bool there =
          golden.is_array() ? std::stoul(item.key()) < now.size() : now.contains(item.key());
      if (!there) {
        found.push_back(key + ": missing");
      } else if (golden.is_array()) {
        differences(item.value(), now[std::stoul(item.key())], key, found);
      } else {
        differences(item.value(), now[item.key()], key, found);
      }
    }
  } else if (!equal_values(golden, now)) {
    found.push_back(place + ": " + golden.dump() + " in the golden report, " + now.dump() + " now");
  }
}

TEST_CASE("The small network's reports are the golden ones, key by key") {
  const fs::path folder = fs::path(RIDGELINE_SOURCE_DIR) / "tests/golden";
  const std::vector<std::vector<std::string>> runs{
      {"squeezelerator_8x8"},
      {"eyeriss_v1", "--no-data", "--activation-density", "0.5"},
      {"systolic_8x8", "--engine", "analytic"}};
  const ScratchFolder scratch;
  for (const std::vector<std::string>& run : runs) {
    std::vector<std::string> words{"run",      "--network", (folder / "small.json").string(),
                                   "--format", "json",      "--arch"};
    words.insert(words.end(), run.begin(), run.end());
    const Finished finished = run_program_in(scratch.path(), words);
    INFO(run.front() << finished.err);
    REQUIRE(finished.code == 0);
    const Json golden = Json::parse(bytes_of_file(folder / (run.front() + ".json")));
    std::vector<std::string> found;
    differences(golden, Json::parse(finished.out), "", found);
    for (const std::string& difference : found) {
      INFO(difference);
      CHECK(difference.empty());
    }
    CHECK(golden["layers"].size() == 7);
  }
}

}  // namespace
}  // namespace ridgeline
