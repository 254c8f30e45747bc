#include "tests/cli/quick_run.hpp"

/// Pictures, labels and network files on the command line.
namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using nlohmann::ordered_json;
using Words = std::vector<std::string>;

std::string labels(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "class " + std::to_string(i) + "\r\n";
  return text;
}

TEST_CASE("run shows the best five classes of a picture, by number and by name") {
  const ScratchFolder scratch;
  scratch.put("wedge.ppm", wedge());
  scratch.put("labels.txt", labels(1000));
  const Finished plain = run_quick(scratch, "run", {"--input", "wedge.ppm", "--format", "json"});
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
        run_quick(scratch, command, {"--input", "wedge.ppm", "--labels", "labels.txt"});
    CHECK(text.code == 0);
    CHECK_THAT(text.out, Contains("  picture       wedge.ppm: PGM 64x64") &&
                             Contains(best + "\n") && Contains("\n  classes "));
  }
  const Finished named = run_quick(scratch, "run", {"--labels", "labels.txt", "--format", "json"});
  CHECK_THAT(named.out, Contains("\"label\": \"class ") && !Contains("\"picture\": \""));
  const Finished seeded = run_quick(scratch, "run", {"--format", "json"});
  CHECK_THAT(seeded.out, !Contains("\"classes\""));
}

TEST_CASE("One picture is repeated for a batch, and each has its classes") {
  const ScratchFolder scratch;
  scratch.put("wedge.ppm", wedge());
  const Finished run =
      run_quick(scratch, "run", {"--input", "wedge.ppm", "--batch", "2", "--format", "json"});
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
    const Finished original = run_quick(scratch, "run", words);
    CHECK(original.code == 0);
    CHECK(run_quick(scratch, "run", words, "net.json").out == original.out);
  }
  CHECK(run_quick(scratch, "validate", {}, "net.json").code == 0);
}

TEST_CASE("Inputs and labels that cannot be are exit code 2, and say why") {
  const ScratchFolder scratch;
  scratch.put("wedge.ppm", wedge());
  scratch.put("small.ppm", "P5 1 1 255\nx");
  scratch.put("few.txt", labels(999));
  scratch.put("gap.txt", "a\n\nb\n");
  scratch.put("labels.txt", labels(1000));
  const auto refused = [&](const Words& words, const std::string& part) {
    check_refused(scratch, words, part);
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
    const Finished run = run_quick(scratch, command, {}, "net.json");
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains("net.json: /nodes: must be a list, got 1"));
  }
  CHECK_THAT(run_quick(scratch, "run", {}, "none.json").err, Contains("none.json: cannot be read"));
}

}  // namespace
}  // namespace ridgeline
