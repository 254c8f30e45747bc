#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "models/network/onnx/onnx_import.hpp"
#include "models/network/weight_matching.hpp"
#include "models/network/zoo/zoo.hpp"
#include "models/numeric/reference.hpp"
#include "sim/cli/configs.hpp"
#include "sim/run.hpp"
#include "tests/support/onnx_case.hpp"

namespace ridgeline::onnx_tests {
namespace {

constexpr double kTolerance = 1e-5;

std::string data_folder() {
  const char* set = std::getenv("RIDGELINE_DATA");
  return set != nullptr ? set : RIDGELINE_DATA;
}

/// The floats of a NumPy file, format version 1.0.
std::vector<float> floats_of_npy(const std::string& name) {
  const std::string bytes = read_bytes(data_folder() + "/golden/" + name + ".npy");
  REQUIRE(bytes.size() > 10);
  const std::size_t header = 10 + static_cast<unsigned char>(bytes[8]) +
                             256 * static_cast<std::size_t>(static_cast<unsigned char>(bytes[9]));
  REQUIRE(bytes.find("'<f4'") < header);
  std::vector<float> values((bytes.size() - header) / sizeof(float));
  std::memcpy(values.data(), bytes.data() + header, values.size() * sizeof(float));
  return values;
}

SourceText model_file() {
  return {"squeezenet_v1.0.onnx",
          read_bytes(data_folder() + "/squeezenet_v1.0/squeezenet_v1.0.onnx")};
}

/// Whether the trained network is there; says so if not.
bool data_is_there() {
  if (!model_file().text.empty()) return true;
  WARN("skipped: no trained SqueezeNet in the folder of trained weights (RIDGELINE_DATA)");
  return false;
}

/// A feature map of a run, by the name of the node that it is the value of.
std::vector<float> blob(const Workload& workload, const std::vector<AnyTensor>& tensors,
                        const std::string& node) {
  for (std::size_t id = 0; id < workload.lowered.tensors.size(); ++id) {
    const auto& tensor = workload.lowered.tensors[id];
    const auto& nodes = workload.lowered.network.nodes;
    if (nodes[static_cast<std::size_t>(tensor.node)].name == node &&
        tensor.shape == nodes[static_cast<std::size_t>(tensor.node)].shape)
      return std::get<Tensor<float>>(tensors[id]).data;
  }
  FAIL("no tensor holds " << node);
  return {};
}

constexpr std::array kBlobs{std::pair{"conv1", "relu_conv1"},
                            std::pair{"fire2_squeeze1x1", "fire2/relu_squeeze1x1"},
                            std::pair{"fire2_concat", "fire2/concat"},
                            std::pair{"fire5_concat", "fire5/concat"},
                            std::pair{"fire9_concat", "fire9/concat"},
                            std::pair{"conv10", "relu_conv10"}};

void check_outputs(const TrainedNetwork& trained, const Workload& workload,
                   const std::vector<AnyTensor>& tensors, const std::string& picture) {
  INFO(picture);
  const auto logits = output_of(trained, 0, workload, tensors);
  CHECK(distance(logits, floats_of_npy(picture + "_v1.0_logits")) <= kTolerance);
  const auto prob = output_of(trained, 1, workload, tensors);
  CHECK(distance(prob, floats_of_npy(picture + "_v1.0_prob")) <= kTolerance);
  if (picture != "chelsea") return;
  for (const auto& [file, node] : kBlobs) {
    INFO(node);
    CHECK(distance(blob(workload, tensors, node),
                   floats_of_npy("chelsea_v1.0_" + std::string(file))) <= kTolerance);
  }
}

}  // namespace

TEST_CASE("A trained SqueezeNet gives PyTorch's numbers, blob by blob, on the machine too",
          "[data]") {
  if (!data_is_there()) return;
  const TrainedNetwork trained = parse_onnx(model_file());
  REQUIRE(trained.outputs.size() == 2);
  CHECK(trained.outputs[0].name == "logits");
  for (const std::string picture : {"chelsea", "coffee"}) {
    const Workload workload = workload_of(trained, floats_of_npy(picture + "_input"));
    check_outputs(trained, workload, reference::run_network(workload), picture);
    sim::RunResult result =
        sim::run_with_data(cli::load_architecture("squeezelerator_16x16"), workload, {});
    check_outputs(trained, workload, result.tensors, picture);
  }
}

TEST_CASE("A trained SqueezeNet is imported within 0.2 s of CPU time", "[data]") {
  if (!data_is_there()) return;
  const SourceText file = model_file();
  const std::clock_t begin = std::clock();
  const TrainedNetwork trained = parse_onnx(file);
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  CHECK(total_weights(trained.network) == 1'244'448);
  CHECK(total_biases(trained.network) == 3'976);
  CHECK(seconds <= 0.2);
}

TEST_CASE("The zoo's SqueezeNet takes its weights from the trained file", "[data]") {
  if (!data_is_there()) return;
  const TrainedNetwork trained = parse_onnx(model_file());
  TrainedNetwork own{.network = zoo::make("squeezenet_v1.0")};
  own.weights = weights_for(own.network, trained, "squeezenet_v1.0.onnx");
  own.input = {.layout = trained.input.layout};
  own.outputs = {{.node = static_cast<NodeId>(own.network.nodes.size()) - 1,
                  .layout = trained.outputs[1].layout}};
  REQUIRE(own.network.input() == trained.network.input());
  const auto given = by_reference(own, floats_of_npy("chelsea_input"));
  const auto last = op_name(own.network.nodes.back().op);
  CHECK(distance(given, floats_of_npy(last == "softmax" ? "chelsea_v1.0_prob"
                                                        : "chelsea_v1.0_logits")) <= kTolerance);
}

}  // namespace ridgeline::onnx_tests
