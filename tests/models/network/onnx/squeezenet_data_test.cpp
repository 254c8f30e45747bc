#include <array>
#include <catch2/catch.hpp>
#include <ctime>
#include <filesystem>

#include "models/input/npy.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "models/network/weight_matching.hpp"
#include "models/network/zoo/zoo.hpp"
#include "models/numeric/reference.hpp"
#include "sim/cli/configs.hpp"
#include "sim/run.hpp"
#include "tests/support/data_folder.hpp"
#include "tests/support/onnx_case.hpp"

namespace ridgeline::onnx_tests {
namespace {

constexpr double kTolerance = 1e-5;

using testing::data_file;
using testing::data_folder;

std::vector<float> golden(const std::filesystem::path& folder, const std::string& name) {
  return parse_npy(data_file(folder / "golden" / (name + ".npy"))).values;
}

SourceText model_file(const std::filesystem::path& folder) {
  return data_file(folder / "squeezenet_v1.0" / "squeezenet_v1.0.onnx");
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

void check_outputs(const std::filesystem::path& folder, const TrainedNetwork& trained,
                   const Workload& workload, const std::vector<AnyTensor>& tensors,
                   const std::string& picture) {
  INFO(picture);
  const auto logits = output_of(trained, 0, workload, tensors);
  CHECK(distance(logits, golden(folder, picture + "_v1.0_logits")) <= kTolerance);
  const auto prob = output_of(trained, 1, workload, tensors);
  CHECK(distance(prob, golden(folder, picture + "_v1.0_prob")) <= kTolerance);
  if (picture != "chelsea") return;
  for (const auto& [file, node] : kBlobs) {
    INFO(node);
    CHECK(distance(blob(workload, tensors, node),
                   golden(folder, "chelsea_v1.0_" + std::string(file))) <= kTolerance);
  }
}

}  // namespace

TEST_CASE("A trained SqueezeNet gives PyTorch's numbers, blob by blob, on the machine too",
          "[data]") {
  const auto found = data_folder();
  if (!found) return;
  const std::filesystem::path& folder = *found;
  const TrainedNetwork trained = parse_onnx(model_file(folder));
  REQUIRE(trained.outputs.size() == 2);
  CHECK(trained.outputs[0].name == "logits");
  for (const std::string picture : {"chelsea", "coffee"}) {
    const Workload workload = workload_of(trained, golden(folder, picture + "_input"));
    check_outputs(folder, trained, workload, reference::run_network(workload), picture);
    sim::RunResult result =
        sim::run_with_data(cli::load_architecture("squeezelerator_16x16"), workload, {});
    check_outputs(folder, trained, workload, result.tensors, picture);
  }
}

TEST_CASE("A trained SqueezeNet is imported within 0.2 s of CPU time", "[data]") {
  const auto found = data_folder();
  if (!found) return;
  const std::filesystem::path& folder = *found;
  const SourceText file = model_file(folder);
  const std::clock_t begin = std::clock();
  const TrainedNetwork trained = parse_onnx(file);
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  CHECK(total_weights(trained.network) == 1'244'448);
  CHECK(total_biases(trained.network) == 3'976);
  CHECK(seconds <= 0.2);
}

TEST_CASE("The zoo's SqueezeNet takes its weights from the trained file", "[data]") {
  const auto found = data_folder();
  if (!found) return;
  const std::filesystem::path& folder = *found;
  const TrainedNetwork trained = parse_onnx(model_file(folder));
  TrainedNetwork own{.network = zoo::make("squeezenet_v1.0")};
  own.weights = weights_for(own.network, trained, "squeezenet_v1.0.onnx");
  own.input = {.layout = trained.input.layout};
  own.outputs = {{.node = static_cast<NodeId>(own.network.nodes.size()) - 1,
                  .layout = trained.outputs[1].layout}};
  REQUIRE(own.network.input() == trained.network.input());
  const auto given = by_reference(own, golden(folder, "chelsea_input"));
  const auto last = op_name(own.network.nodes.back().op);
  CHECK(distance(given, golden(folder, last == "softmax" ? "chelsea_v1.0_prob"
                                                         : "chelsea_v1.0_logits")) <= kTolerance);
}

}  // namespace ridgeline::onnx_tests
