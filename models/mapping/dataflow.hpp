#pragma once

#include <string>
#include <string_view>
#include <vector>

/// A dataflow says which operand stays in the PEs and which loops unroll over rows and columns.
namespace ridgeline {

enum class DataflowId { ws, os };

struct Dataflow {
  DataflowId id;
  std::string name;
  std::string stationary;  ///< the operand that stays
  std::string rows, cols;  ///< loops unrolled over the rows and columns of the array
  std::string summary;
  std::string source;  ///< the paper that it comes from
};

/// Every dataflow, in the order in which `auto` prefers them when they cost the same.
[[nodiscard]] const std::vector<Dataflow>& all_dataflows();
[[nodiscard]] const Dataflow& dataflow(DataflowId id);
/// The dataflow called `name`, or null.
[[nodiscard]] const Dataflow* find_dataflow(std::string_view name);

}  // namespace ridgeline
