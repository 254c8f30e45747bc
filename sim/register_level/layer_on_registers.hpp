#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/base/units.hpp"
#include "models/mapping/pass.hpp"
#include "sim/register_level/operands.hpp"

/// One layer on a register-level array: real numbers through every register of the array, cycle by
/// cycle. It exists to pin the closed forms of the dataflows (models/mapping/dataflow), on which it
/// does not depend: of the models it uses shapes, parameters and the passes to run.
namespace ridgeline::sim::register_level {

/// Whether an array here runs the dataflow.
[[nodiscard]] bool has_register_level_array(std::string_view dataflow);

class LayerOnRegisters {
 public:
  /// `layer` must outlive this value, and an array must run the dataflow.
  LayerOnRegisters(const Architecture& arch, std::string_view dataflow, const LayerData& layer);

  /// Runs the passes of a tile on the array as the tile before left it.
  /// @return the array's own cycles, from its first load to its last sum
  Cycles run_tile(std::span<const Pass> passes);
  /// N M P Q, so far.
  [[nodiscard]] const std::vector<std::int64_t>& ofmap() const { return *ofmap_; }
  /// Most sums that waited at the psum ports at any time.
  [[nodiscard]] std::size_t longest_psum_queue() const { return longest_queue_(); }

 private:
  std::shared_ptr<std::vector<std::int64_t>> ofmap_;
  std::function<Cycles(std::span<const Pass>)> run_;
  std::function<std::size_t()> longest_queue_ = [] { return std::size_t{0}; };
};

}  // namespace ridgeline::sim::register_level
