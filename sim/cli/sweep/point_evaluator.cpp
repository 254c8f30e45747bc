#include "sim/cli/sweep/point_evaluator.hpp"

#include <fmt/format.h>

#include "models/base/error.hpp"
#include "models/network/layer_precision.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/density_option.hpp"

namespace ridgeline::cli {
namespace {

constexpr std::size_t kNetworksKept = 16;
constexpr std::uint64_t kSeed = 1;  ///< of weights, where some are zero by chance

Densities densities_of(const SweepPoint& point) {
  Densities densities;
  if (point.weight_density) densities.weights.push_back({.density = *point.weight_density});
  if (point.activation_density) {
    densities.activations.push_back({.density = *point.activation_density});
  }
  return densities;
}

}  // namespace

const PointEvaluator::Prepared& PointEvaluator::prepared(const std::string& name,
                                                         const SweepPoint& point) {
  const std::string key =
      fmt::format("{} {} {} {} {}", static_cast<int>(point.precision), point.batch,
                  point.weight_density.value_or(-1), point.activation_density.value_or(-1), name);
  if (const auto found = prepared_.find(key); found != prepared_.end()) return found->second;
  if (prepared_.size() == kNetworksKept) prepared_.clear();
  LoadedNetwork loaded = load_network(name);
  if (loaded.network.input().N != point.batch) {
    loaded.network = with_batch(std::move(loaded.network), point.batch);
  }
  LoweredNetwork lowered = lower(loaded.network);
  declare_densities(lowered, densities_of(point));
  lowered = assign_precisions(std::move(lowered), point.precision, {});
  Prepared prepared{std::move(lowered), loaded.weights, std::make_shared<sim::ZeroWeightsMemo>()};
  return prepared_.emplace(key, std::move(prepared)).first->second;
}

std::vector<RunStats> PointEvaluator::run(const SweepPoint& point, bool savings) {
  std::vector<RunStats> runs;
  for (const std::string& name : point.networks) {
    const Prepared& network = prepared(name, point);
    const sim::RunOptions options{.dataflow = point.dataflow,
                                  .objective = point.objective,
                                  .savings = savings,
                                  .weights = network.weights,
                                  .zero_weights = network.zeros};
    const auto& engine = analytic_ ? sim::run_analytic : sim::run_without_data;
    runs.push_back(engine(point.arch, network.network, point.precision, kSeed, options));
  }
  return runs;
}

PointRecord record_of(std::uint64_t number, const PointWalker& walker, const SweepSpec& spec) {
  PointRecord record{.point = number, .key = key_of(walker.point()), .failed = walker.problem()};
  for (std::size_t a = 0; a < spec.axes.size(); ++a) {
    for (const Setting& setting : spec.axes[a].settings) {
      record.values.push_back(setting.values[walker.indices()[a]].text);
    }
  }
  return record;
}

PointRecord PointEvaluator::evaluate(std::uint64_t number, const PointWalker& walker,
                                     const SweepSpec& spec) {
  PointRecord record = record_of(number, walker, spec);
  if (!record.failed.empty()) return record;
  try {
    const std::vector<RunStats> runs = run(walker.point(), /*savings=*/false);
    record.result = sum_of(runs);
    for (const RunStats& one : runs) {
      if (layers_) append_layers(record.layers, one);
    }
  } catch (const std::exception& error) {
    record.failed = error.what();
  }
  return record;
}

}  // namespace ridgeline::cli
