#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program_runner.hpp"

/// Pictures, labels and network files on the command line.
namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using nlohmann::ordered_json;
using Words = std::vector<std::string>;

Finished run_words(const ScratchFolder& scratch, const std::string& command, Words more,
                   const std::string& network = kQuickNetwork) {
  more.insert(more.begin(), {command, "--arch", "squeezelerator_8x8", "--network", network});
  return run_program_in(scratch.path(), more);
}

/// A grey wedge of the network's size, 64 x 64.
std::string wedge() {
  std::string ppm = "P5 64 64 255\n";
  for (int i = 0; i < 64 * 64; ++i) ppm += static_cast<char>(i % 64 * 4);
  return ppm;
}

std::string labels(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "class " + std::to_string(i) + "\r\n";
  return text;
}

TEST_CASE("run shows the best five classes of a picture, by number and by name") {
  const ScratchFolder scratch;
  scratch.put("wedge.ppm", wedge());
  scratch.put("labels.txt", labels(1000));
  const Finished plain = run_words(scratch, "run", {"--input", "wedge.ppm", "--format", "json"});
  REQUIRE(plain.code == 0);
  const ordered_json json = ordered_json::parse(plain.out);
  CHECK(json["picture"] ==
        "wedge.ppm: PGM 64x64, bgr, 0..255, minus 104, 117, 123; other sizes: stretch");
  REQUIRE(json["classes"].size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    const ordered_json& one = json["classes"][i];
    CHECK_FALSE(one.contains("label"));
    CHECK(one["index"] < 1000);
    if (i > 0) CHECK(one["score"] <= json["classes"][i - 1]["score"]);
  }
  const std::string best = "class " + json["classes"][0]["index"].dump();
  for (const char* command : {"run", "validate"}) {
    const Finished text =
        run_words(scratch, command, {"--input", "wedge.ppm", "--labels", "labels.txt"});
    CHECK(text.code == 0);
    CHECK_THAT(text.out, Contains("  picture       wedge.ppm: PGM 64x64") &&
                             Contains(best + "\n") && Contains("\n  classes "));
  }
  const Finished named = run_words(scratch, "run", {"--labels", "labels.txt", "--format", "json"});
  CHECK_THAT(named.out, Contains("\"label\": \"class ") && !Contains("\"picture\": \""));
  const Finished seeded = run_words(scratch, "run", {"--format", "json"});
  CHECK_THAT(seeded.out, !Contains("\"classes\""));
}

TEST_CASE("One picture is repeated for a batch, and each has its classes") {
  const ScratchFolder scratch;
  scratch.put("wedge.ppm", wedge());
  const Finished run =
      run_words(scratch, "run", {"--input", "wedge.ppm", "--batch", "2", "--format", "json"});
  REQUIRE(run.code == 0);
  const ordered_json classes = ordered_json::parse(run.out)["classes"];
  REQUIRE(classes.size() == 10);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(classes[i]["index"] == classes[i + 5]["index"]);
    CHECK(classes[i]["picture"] == 0);
    CHECK(classes[i + 5]["picture"] == 1);
  }
}

TEST_CASE("What show network writes as JSON runs with the same report, data and all") {
  const ScratchFolder scratch;
  const Finished shown =
      run_program_in(scratch.path(), {"show", "network", kQuickNetwork, "--json"});
  REQUIRE(shown.code == 0);
  scratch.put("net.json", shown.out);
  const Finished again = run_program_in(scratch.path(), {"show", "network", "net.json", "--json"});
  CHECK(again.out == shown.out);
  for (const char* format : {"json", "text", "csv"}) {
    const Words words{"--format", format};
    const Finished original = run_words(scratch, "run", words);
    CHECK(original.code == 0);
    CHECK(run_words(scratch, "run", words, "net.json").out == original.out);
  }
  CHECK(run_words(scratch, "validate", {}, "net.json").code == 0);
}

TEST_CASE("Inputs and labels that cannot be are exit code 2, and say why") {
  const ScratchFolder scratch;
  scratch.put("wedge.ppm", wedge());
  scratch.put("small.ppm", "P5 1 1 255\nx");
  scratch.put("few.txt", labels(999));
  scratch.put("gap.txt", "a\n\nb\n");
  scratch.put("labels.txt", labels(1000));
  const auto refused = [&](const Words& words, const std::string& part) {
    const Finished run = run_words(scratch, "run", words);
    INFO(part);
    CHECK(run.code == 2);
    CHECK(run.out.empty());
    CHECK_THAT(run.err, Contains(part));
  };
  refused({"--input", "none.png"}, "none.png: cannot be read");
  refused({"--input", "labels.txt"}, "labels.txt: is no picture that can be read");
  refused({"--input", "small.ppm", "--fit", "exact"},
          "small.ppm: the picture is 1 wide and 1 high; allowed: 64 by 64");
  refused({"--input", "wedge.ppm", "--fit", "corp"}, "did you mean 'crop'?");
  refused({"--input", "wedge.ppm", "--preprocessing", "squeezenet_course"}, "--preprocessing: ");
  refused({"--fit", "crop"}, "--fit: is for a picture; allowed: together with --input");
  refused({"--input", "wedge.ppm", "--no-data"}, "--input: needs data");
  refused({"--labels", "labels.txt", "--layers", "conv*"}, "--labels: needs the whole network");
  refused({"--labels", "few.txt"}, "few.txt: has 999 lines; allowed: 1000");
  refused({"--labels", "gap.txt"}, "gap.txt: line 2 is empty");
}

TEST_CASE("A network file that cannot be read is exit code 2, and says where") {
  const ScratchFolder scratch;
  scratch.put("net.json", R"({"schema": "ridgeline.network/1", "name": "n", "nodes": 1})");
  for (const std::string command : {"run", "validate"}) {
    const Finished run = run_words(scratch, command, {}, "net.json");
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains("net.json: /nodes: must be a list, got 1"));
  }
  CHECK_THAT(run_words(scratch, "run", {}, "none.json").err, Contains("none.json: cannot be read"));
}

}  // namespace
}  // namespace ridgeline
