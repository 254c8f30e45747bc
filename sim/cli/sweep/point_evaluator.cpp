#include "sim/cli/sweep/point_evaluator.hpp"

#include <fmt/format.h>

#include "models/base/error.hpp"
#include "models/network/layer_precision.hpp"
#include "sim/cli/configs.hpp"

namespace ridgeline::cli {
namespace {

constexpr std::size_t kNetworksKept = 16;
constexpr std::uint64_t kSeed = 1;  ///< of weights, where some are zero by chance

}  // namespace

const PointEvaluator::Prepared& PointEvaluator::prepared(const std::string& name,
                                                         Precision precision, int batch) {
  const std::string key = fmt::format("{} {} {}", static_cast<int>(precision), batch, name);
  if (const auto found = prepared_.find(key); found != prepared_.end()) return found->second;
  if (prepared_.size() == kNetworksKept) prepared_.clear();
  LoadedNetwork loaded = load_network(name);
  if (loaded.network.input().N != batch) {
    loaded.network = with_batch(std::move(loaded.network), batch);
  }
  LoweredNetwork lowered = assign_precisions(lower(loaded.network), precision, {});
  Prepared prepared{std::move(lowered), loaded.weights, std::make_shared<sim::ZeroWeightsMemo>()};
  return prepared_.emplace(key, std::move(prepared)).first->second;
}

std::vector<RunStats> PointEvaluator::run(const SweepPoint& point) {
  std::vector<RunStats> runs;
  for (const std::string& name : point.networks) {
    const Prepared& network = prepared(name, point.precision, point.batch);
    const sim::RunOptions options{.dataflow = point.dataflow,
                                  .objective = point.objective,
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
    const std::vector<RunStats> runs = run(walker.point());
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
