#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/network/lowering.hpp"
#include "models/sweep/point_record.hpp"
#include "models/sweep/sweep_plan.hpp"
#include "sim/run.hpp"

/// Runs points of a sweep, one after another, without data.
namespace ridgeline::cli {

/// The record of where the walker is, without figures.
[[nodiscard]] PointRecord record_of(std::uint64_t number, const PointWalker& walker,
                                    const SweepSpec& spec);

/// Remembers what the last networks are lowered to. One a thread.
class PointEvaluator {
 public:
  explicit PointEvaluator(bool analytic, bool layers) : analytic_(analytic), layers_(layers) {}

  /// The reports of the point's networks, with what zeros saved if that is wanted.
  /// @throws InputError, InfeasibleError, SimulationError
  [[nodiscard]] std::vector<RunStats> run(const SweepPoint& point, bool savings);
  /// The record of where the walker is; what cannot run is a record that says why.
  [[nodiscard]] PointRecord evaluate(std::uint64_t number, const PointWalker& walker,
                                     const SweepSpec& spec);

 private:
  struct Prepared {
    LoweredNetwork network;
    std::shared_ptr<const std::vector<NodeWeights>> weights;
    std::shared_ptr<sim::ZeroWeightsMemo> zeros;
  };
  [[nodiscard]] const Prepared& prepared(const std::string& name, const SweepPoint& point);

  bool analytic_, layers_;
  std::map<std::string, Prepared> prepared_;
};

}  // namespace ridgeline::cli
