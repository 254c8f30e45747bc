#include <algorithm>
#include <map>
#include <memory>

#include "models/input/network_input.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "models/network/weight_matching.hpp"
#include "models/network/zoo/zoo.hpp"
#include "models/numeric/classes.hpp"
#include "sim/run.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/support/data_folder.hpp"

/// What a trained SqueezeNet v1.0 sees in real pictures, computed by the simulated machine.
namespace ridgeline {
namespace {

using testing::data_file;
using Classes = std::vector<int>;

/// The best five, as PyTorch's fp32 logits have them (golden/PIC_v1.0_logits.npy).
const std::map<std::string, Classes> kBest{{"chelsea", {285, 282, 281, 287, 397}},
                                           {"coffee", {967, 968, 809, 960, 868}}};

struct Trained {
  Network network = zoo::make("squeezenet_v1.0");
  std::shared_ptr<const std::vector<NodeWeights>> weights;
};

Trained trained_network(const std::filesystem::path& folder) {
  Trained trained;
  const SourceText file = data_file(folder / "squeezenet_v1.0" / "squeezenet_v1.0.onnx");
  trained.weights = std::make_shared<const std::vector<NodeWeights>>(
      weights_for(trained.network, parse_onnx(file), file.path));
  return trained;
}

Classes best_five(const std::filesystem::path& folder, const Trained& trained,
                  const std::string& picture, Precision precision,
                  CalibrationOptions calibration = {}) {
  const NetworkInput input =
      read_network_input(data_file(folder / "images" / (picture + "_227.ppm")), trained.network,
                         trained.network.preprocessing);
  const Workload workload = make_workload(lower(trained.network), {.precision = precision,
                                                                   .picture = input.tensor,
                                                                   .weights = trained.weights,
                                                                   .calibration = calibration});
  sim::RunResult result =
      sim::run_with_data(config_files::load("squeezelerator_16x16"), workload, {});
  sim::check(result, workload);
  for (const LayerStats& layer : result.stats.layers) CHECK(layer.check.passed());
  const auto output = static_cast<std::size_t>(workload.lowered.output);
  Classes classes;
  for (const ClassScore& score :
       top_classes(result.tensors[output], workload.quantizations[output], false, 5, {}))
    classes.push_back(score.index);
  return classes;
}

}  // namespace

TEST_CASE("In fp32 and int16 the machine names the best five classes in order", "[data]") {
  const auto folder = testing::data_folder();
  if (!folder) return;
  const Trained trained = trained_network(*folder);
  for (const auto& [picture, best] : kBest) {
    INFO(picture);
    CHECK(best_five(*folder, trained, picture, Precision::fp32) == best);
    CHECK(best_five(*folder, trained, picture, Precision::int16) == best);
  }
}

TEST_CASE("In int8 the machine names the best class and four of the best five", "[data]") {
  const auto folder = testing::data_folder();
  if (!folder) return;
  const Trained trained = trained_network(*folder);
  const CalibrationOptions calibration =
      GENERATE(CalibrationOptions{}, CalibrationOptions{.method = CalibrationMethod::mse},
               CalibrationOptions{.method = CalibrationMethod::percentile},
               CalibrationOptions{.asymmetric = true},
               CalibrationOptions{.method = CalibrationMethod::mse, .asymmetric = true});
  // In fp32, coffee's fourth to seventh classes lie within 0.3 % of one another: which of them come
  // first is chance. What is not chance is that no other class but one close behind comes between.
  const bool by_chance =
      calibration.asymmetric || calibration.method == CalibrationMethod::percentile;
  const std::map<std::string, Classes> next{{"chelsea", {}}, {"coffee", {470, 618, 828, 925}}};
  for (const auto& [picture, best] : kBest) {
    INFO(picture << ", method " << static_cast<int>(calibration.method) << ", asymmetric "
                 << calibration.asymmetric);
    const Classes classes = best_five(*folder, trained, picture, Precision::int8, calibration);
    CHECK(classes.front() == best.front());
    const auto among = [](const Classes& some) {
      return [&some](int index) { return std::ranges::count(some, index) > 0; };
    };
    const auto kept = std::ranges::count_if(classes, among(best));
    CHECK(kept >= (by_chance ? 3 : 4));
    CHECK(kept + std::ranges::count_if(classes, among(next.at(picture))) == 5);
  }
}

}  // namespace ridgeline
