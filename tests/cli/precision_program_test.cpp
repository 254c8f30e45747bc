#include "tests/cli/quick_run.hpp"

/// --layer-precision.
namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using nlohmann::ordered_json;
using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("Layers have precisions of their own, in every engine and in the report") {
  const ScratchFolder scratch;
  const Words rule{"--layer-precision", "Convolution1=int16"};
  const ordered_json plain = quick_report(scratch, {});
  const ordered_json mixed = quick_report(scratch, rule);
  CHECK(mixed["precision"] == "int8");
  CHECK_FALSE(plain["layers"][0].contains("precision"));
  CHECK(mixed["layers"][0]["precision"] == "int16");
  CHECK(mixed["layers"].back()["precision"] == "int8");
  CHECK(mixed["layers"][0]["bytes"]["dram_read"] > plain["layers"][0]["bytes"]["dram_read"]);
  CHECK(mixed["total"]["quantization"]["output_sqnr_db"] !=
        plain["total"]["quantization"]["output_sqnr_db"]);
  const auto with = [&](const Words& more) {
    Words words = rule;
    words.insert(words.end(), more.begin(), more.end());
    return quick_report(scratch, words);
  };
  const ordered_json no_data = with({"--no-data"}), analytic = with({"--engine", "analytic"});
  CHECK(no_data["total"]["cycles"] == mixed["total"]["cycles"]);
  CHECK(no_data["total"]["bytes"] == mixed["total"]["bytes"]);
  CHECK(analytic["total"]["bytes"] == mixed["total"]["bytes"]);
  CHECK(analytic["total"]["accesses"] == mixed["total"]["accesses"]);
}

TEST_CASE("Text names the words of each layer only where they differ") {
  const ScratchFolder scratch;
  for (const char* command : {"run", "validate"}) {
    const Finished mixed = run_quick(scratch, command, {"--layer-precision", "Convolution1=int16"});
    CHECK(mixed.code == 0);
    CHECK_THAT(mixed.out, Contains("  precision ") && Contains("read int16 words") &&
                              Contains("words") && Contains("int16 > int8"));
    CHECK_THAT(run_quick(scratch, command, {}).out, !Contains("  precision "));
  }
}

TEST_CASE("A precision that cannot be is exit code 2, with the nearest name") {
  const ScratchFolder scratch;
  const auto refused = [&](const Words& words, const std::string& part) {
    check_refused(scratch, words, part);
  };
  refused({"--layer-precision", "Convolution1"}, "allowed: a glob over layers, '=', and int8");
  refused({"--layer-precision", "=int16"}, "'=int16' names no layers");
  refused({"--layer-precision", "Convolution1=int166"}, "did you mean 'int16'?");
  refused({"--layer-precision", "Convolution1=fp32"}, "allowed: int8, int16");
  refused({"--layer-precision", "Convolutoin1=int16"}, "did you mean 'Convolution1'?");
  refused({"--layer-precision", "*=int16", "--precision", "fp32"}, "is for integers");
}

}  // namespace ridgeline
