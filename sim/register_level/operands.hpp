#pragma once

#include <vector>

#include "models/arch/architecture.hpp"
#include "models/mapping/pass.hpp"
#include "sim/register_level/work.hpp"

/// The operands of a pass, looked up word by word in whole tensors. Written out plainly, apart from
/// the pass model's counting, so that both can be compared.
namespace ridgeline::sim::register_level {

/// A layer's tensors; small integers.
struct LayerData {
  ConvShape shape;
  std::vector<int> ifmap;    ///< N C H W
  std::vector<int> filters;  ///< M C/G R S
};

/// Which part of the layer.
struct PassData {
  const LayerData& layer;
  const Pass& pass;
};

/// Filters stay, ofmap positions go by: ws, ws_gemm.
[[nodiscard]] StationaryWork stationary_filters(const PassData& data, const GlobalBuffer& buffer);
/// Ifmap words stay, filters go by: is_gemm.
[[nodiscard]] StationaryWork stationary_ifmap(const PassData& data, const GlobalBuffer& buffer);
/// os_gemm.
[[nodiscard]] OutputWork output_work(const PassData& data);
/// os; zero weights are left out if `skip_zeros`.
[[nodiscard]] WindowWork window_work(const PassData& data, bool skip_zeros);
/// rs.
[[nodiscard]] RowWork row_work(const PassData& data);

}  // namespace ridgeline::sim::register_level
