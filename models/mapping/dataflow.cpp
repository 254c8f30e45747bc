#include "models/mapping/dataflow.hpp"

#include <algorithm>

namespace ridgeline {

const std::vector<Dataflow>& all_dataflows() {
  static const std::vector<Dataflow> table = {
      dataflows::weight_stationary(),      dataflows::output_stationary(),
      dataflows::row_stationary(),         dataflows::weight_stationary_gemm(),
      dataflows::output_stationary_gemm(), dataflows::input_stationary_gemm(),
  };
  return table;
}

const Dataflow* find_dataflow(std::string_view name) {
  const auto& table = all_dataflows();
  const auto found = std::ranges::find(table, name, &Dataflow::name);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace ridgeline
