#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/cli/program_runner.hpp"
#include "tests/support/onnx_case.hpp"

/// Networks and weights from ONNX files, as a user gives them to the program.
namespace ridgeline {
namespace {

using onnx_tests::ModelBuilder;
using onnx_tests::random_array;

/// x (2x3x9x9) -> Conv -> Clip 0..6 -> Conv -> y
std::string small_network() {
  ModelBuilder model({2, 3, 9, 9});
  model.weights("w", random_array({5, 3, 3, 3}, 1));
  model.weights("v", random_array({4, 5, 1, 1}, 2));
  model.weights("low", {{}, {0}});
  model.weights("high", {{}, {6}});
  model.node("Conv", {"x", "w"}, "a");
  model.node("Clip", {"a", "low", "high"}, "b");
  model.node("Conv", {"b", "v"});
  return model.bytes();
}

/// A NumPy file as np.save writes it.
std::string npy_of(const std::string& shape, const std::vector<float>& values) {
  constexpr std::size_t kHeader = 118;
  std::string bytes("\x93NUMPY\x01\x00\x76\x00", 10);
  bytes += "{'descr': '<f4', 'fortran_order': False, 'shape': ";
  bytes += shape;
  bytes += ", }";
  bytes.resize(10 + kHeader - 1, ' ');
  bytes += '\n';
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  return bytes;
}

Finished with_small(const ScratchFolder& scratch, std::vector<std::string> words) {
  return run_program_in(scratch.path(), std::move(words));
}

}  // namespace

TEST_CASE("An ONNX file is a network to run, validate, show and map") {
  const ScratchFolder scratch;
  scratch.put("small.onnx", small_network());
  const std::vector<std::string> common{"--arch", "squeezelerator_8x8", "--network", "small.onnx"};
  for (const std::string command : {"run", "validate", "map"}) {
    std::vector<std::string> words{command};
    words.insert(words.end(), common.begin(), common.end());
    const Finished finished = with_small(scratch, words);
    INFO(command << finished.err);
    CHECK(finished.code == 0);
    CHECK(finished.out.find("the_y") != std::string::npos);
  }
  const Finished network = with_small(scratch, {"show", "network", "small.onnx"});
  CHECK_THAT(network.out, Catch::StartsWith("small, input 2x3x9x9") && Catch::Contains("relu6"));
  const Finished layer = with_small(scratch, {"show", "layer", "small.onnx", "the_a"});
  CHECK_THAT(layer.out, Catch::Contains("the_a of small") && Catch::Contains("fused      relu6"));
  const Finished batch = with_small(scratch, {"run", "--arch", "squeezelerator_8x8", "--network",
                                              "small.onnx", "--batch", "1", "--format", "json"});
  CHECK_THAT(batch.out, Catch::Contains("\"weights\": \"trained, from the given file"));
}

/// x (1x3x9x9) -> pair -> Conv with int8 filters, one word in three the zero point -> words y
std::string quantised_network() {
  constexpr int kInt8 = onnx::TensorProto::INT8;
  ModelBuilder model({1, 3, 9, 9});
  model.weights("s", {{}, {1.0F / 64}});
  model.words("z", {}, {-5}, kInt8);
  model.weights("w_s", {{}, {1.0F / 256}});
  model.words("w_z", {}, {7}, kInt8);
  std::vector<std::int32_t> words;
  for (int i = 0; i < 5 * 27; ++i) words.push_back(i % 3 == 0 ? 7 : -1 - i % 100);
  model.words("w", {5, 3, 3, 3}, words, kInt8);
  model.node("QuantizeLinear", {"x", "s", "z"}, "x_q");
  model.node("DequantizeLinear", {"x_q", "s", "z"}, "x_d");
  model.node("DequantizeLinear", {"w", "w_s", "w_z"}, "w_d");
  model.node("Conv", {"x_d", "w_d"}, "c");
  model.node("QuantizeLinear", {"c", "s", "z"});
  return model.bytes();
}

TEST_CASE("A quantised ONNX file runs with its own words, which zero skipping sees without data") {
  const ScratchFolder scratch;
  scratch.put("q.onnx", quantised_network());
  const std::vector<std::string> common{"run",       "--arch",   "squeezelerator_8x8",
                                        "--network", "q.onnx",   "--dataflow",
                                        "os",        "--format", "csv"};
  std::vector<std::string> blind = common;
  blind.emplace_back("--no-data");
  const Finished with_data = with_small(scratch, common), without = with_small(scratch, blind);
  CHECK(with_data.code == 0);
  // A third of 5 x 27 weights are zero, 49 positions each.
  const std::string skipped = std::to_string(45 * 49);
  for (const Finished* run : {&with_data, &without})
    CHECK_THAT(run->out, Catch::Contains("," + skipped + ","));
  const auto text = [&](std::vector<std::string> words) {
    return with_small(scratch, std::move(words)).out;
  };
  const std::vector<std::string> json{
      "run", "--arch", "squeezelerator_8x8", "--network", "q.onnx", "--format", "json"};
  CHECK_THAT(text(json), Catch::Contains("the given file's own words, scales and zero points"));
  std::vector<std::string> wide = json;
  wide.insert(wide.end(), {"--precision", "int16"});
  CHECK_THAT(text(wide), Catch::Contains("\"weights\": \"trained, from the given file"));
  CHECK_THAT(text({"show", "network", "q.onnx"}), Catch::Contains("clip"));
  for (const std::string precision : {"int8", "int16", "fp32"}) {
    const Finished checked = with_small(scratch, {"validate", "--arch", "squeezelerator_8x8",
                                                  "--network", "q.onnx", "--precision", precision});
    INFO(checked.out << checked.err);
    CHECK(checked.code == 0);
  }
}

TEST_CASE("Arrays go in and come out with the extents that an ONNX file has") {
  const ScratchFolder scratch;
  ModelBuilder model({2, 3});
  model.weights("w", {{3, 2}, {1, 2, 3, 4, 5, 6}});
  model.node("MatMul", {"x", "w"});
  scratch.put("small.onnx", model.bytes());
  const auto run = [&](const std::string& shape, const std::vector<float>& values,
                       std::vector<std::string> more) {
    scratch.put("x.npy", npy_of(shape, values));
    std::vector<std::string> words{"run",         "--arch",        "squeezelerator_8x8",
                                   "--network",   "small.onnx",    "--input",
                                   "x.npy",       "--save-output", "y.npy",
                                   "--precision", "fp32"};
    words.insert(words.end(), more.begin(), more.end());
    const Finished finished = with_small(scratch, words);
    INFO(finished.err);
    CHECK(finished.code == 0);
    return bytes_of_file(scratch.path() / "y.npy");
  };
  CHECK(run("(2, 3)", {1, 0, 0, 0, 1, 1}, {}) == npy_of("(2, 2)", {1, 2, 8, 10}));
  // The batch of the command line counts the file's images, too.
  CHECK(run("(1, 3)", {0, 1, 0}, {"--batch", "3"}) == npy_of("(3, 2)", {3, 4, 3, 4, 3, 4}));
}

TEST_CASE("Files that are no ONNX network, or not these weights, are refused") {
  const ScratchFolder scratch;
  scratch.put("small.onnx", small_network());
  scratch.put("text.onnx", "this is text\n");
  scratch.put("empty.onnx", "");
  scratch.put("short.onnx", small_network().substr(0, 200));
  std::filesystem::create_directory(scratch.path() / "folder.onnx");
  ModelBuilder identity({1, 2, 3, 4});
  identity.node("Identity", {"x"});
  scratch.put("nothing.onnx", identity.bytes());
  struct Case {
    std::vector<std::string> words;
    std::string says;
  };
  const std::vector<std::string> zoo{"run",       "--arch",          "squeezelerator_8x8",
                                     "--network", "squeezenet_v1.1", "--weights"};
  const auto with = [&](const std::string& file) {
    std::vector<std::string> words = zoo;
    words.push_back(file);
    return words;
  };
  const std::vector<Case> cases{
      {{"show", "network", "text.onnx"}, "text.onnx: is no ONNX model"},
      {{"show", "network", "empty.onnx"}, "empty.onnx: is empty"},
      {{"show", "network", "short.onnx"}, "short.onnx: is no ONNX model, or is cut short"},
      {{"show", "network", "folder.onnx"}, "folder.onnx: cannot be read: Is a directory"},
      {{"run", "--arch", "squeezelerator_8x8", "--network", "nothing.onnx"},
       "nothing.onnx: has no layer to run"},
      {{"show", "layer", "small.onnx", "the_b"}, "a node that lowering fuses"},
      {with("small.onnx"), "small.onnx: has 2 layers with weights; allowed: 26"},
      {with("text.onnx"), "text.onnx: is no ONNX model"}};
  for (const Case& one : cases) {
    const Finished finished = with_small(scratch, one.words);
    INFO(one.words.back());
    CHECK(finished.code == 2);
    CHECK(finished.out.empty());
    CHECK_THAT(finished.err, Catch::Contains(one.says));
  }
}

}  // namespace ridgeline
