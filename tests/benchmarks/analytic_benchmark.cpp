// How many mappings of layers the analytic engine judges in a second on one core: counts and
// cycles of every mapping that the search of a network tries. CPU time, best of several runs.
// Prints; asserts nothing.

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <optional>
#include <utility>
#include <vector>

#include "models/cost/analytic.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/search.hpp"
#include "models/mapping/search_space.hpp"
#include "models/network/zoo/zoo.hpp"
#include "sim/cli/configs.hpp"

extern "C" int sc_main(int /*argc*/, char** /*argv*/) {
  return 0;
}

namespace {

using namespace ridgeline;

constexpr int kRuns = 7;

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

template <class Work>
double best_seconds(Work&& work) {
  double best = 1e9;
  for (int run = 0; run < kRuns; ++run) {
    const double begin = cpu_seconds();
    work();
    best = std::min(best, cpu_seconds() - begin);
  }
  return best;
}

struct Question {
  const LoweredLayer* layer;
  LayerTensors tensors;
  Mapping mapping;
};

std::vector<const Dataflow*> dataflows_of(const Architecture& arch) {
  std::vector<const Dataflow*> dataflows;
  for (const std::string& name : arch.dataflows) dataflows.push_back(find_dataflow(name));
  return dataflows;
}

std::vector<Question> questions_of(const Architecture& arch, const LoweredNetwork& network) {
  std::vector<Question> questions;
  for (const LoweredLayer& layer : network.layers) {
    const auto fits = [&](const Mapping& mapping) {
      if (!why_not(arch, layer, Precision::int8, mapping).empty()) return false;
      questions.push_back({&layer, plain_tensors(layer), mapping});
      return true;
    };
    const SearchSpace space(arch, layer, Precision::int8);
    if (!runs_on_array(layer.kind)) {
      space.visit_vector(fits);
      continue;
    }
    for (const Dataflow* dataflow : dataflows_of(arch)) space.visit_array(*dataflow, fits);
  }
  return questions;
}

void measure(const char* preset, const char* name) {
  const Architecture arch = cli::load_architecture(preset);
  const LoweredNetwork network = lower(zoo::make(name));
  const std::vector<Question> questions = questions_of(arch, network);
  const ZeroWeights no_zeros;
  std::int64_t cycles = 0;
  const auto judge = [&](auto&& what) {
    return best_seconds([&] {
      for (const Question& q : questions) {
        cycles +=
            what(LayerQuestion{arch, *q.layer, Precision::int8, q.mapping, q.tensors, no_zeros});
      }
    });
  };
  const LoweredLayer* evaluated = nullptr;
  std::optional<LayerEvaluator> evaluator;
  const double full = judge([&](const LayerQuestion& q) {
    if (std::exchange(evaluated, &q.layer) != &q.layer) {
      evaluator.emplace(q.arch, q.layer, q.precision, q.tensors, q.zeros);
    }
    return evaluator->cost(q.mapping).cycles.total().count();
  });
  const double counts =
      judge([](const LayerQuestion& q) { return analytic_counts(q).vector_psums; });
  const double search = best_seconds([&] {
    for (const LoweredLayer& layer : network.layers) {
      cycles += search_mappings(arch, {layer, Precision::int8, dataflows_of(arch)}).tried;
    }
  });
  const auto millions = [&](double seconds) {
    return static_cast<double>(questions.size()) / seconds * 1e-6;
  };
  fmt::print("{:20} {:20} {:6} mappings  {:5.2f}  {:5.2f}  {:5.2f}  {:6.2f} ms{}\n", preset, name,
             questions.size(), millions(full), millions(counts), millions(search), search * 1e3,
             cycles == 0 ? " none" : "");
}

}  // namespace

int main() {
  fmt::print(
      "Analytic engine, int8, one core: millions of mappings a second (counts and cycles; counts "
      "alone; in the search, which sees most from their roofs), search of all layers\n");
  measure("squeezelerator_16x16", "squeezenet_v1.1");
  measure("squeezelerator_16x16", "squeezenet_v1.0");
  measure("squeezelerator_16x16", "mobilenet_v1");
  measure("systolic_16x16", "squeezenet_v1.1");
  measure("eyeriss_v1", "alexnet");
  return 0;
}
