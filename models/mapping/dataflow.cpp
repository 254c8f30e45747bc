#include "models/mapping/dataflow.hpp"

#include <algorithm>

namespace ridgeline {

const std::vector<Dataflow>& all_dataflows() {
  static const std::vector<Dataflow> table = {
      {.id = DataflowId::ws,
       .name = "ws",
       .stationary = "filter",
       .rows = "C",
       .cols = "M",
       .summary = "weights stay, R and S one tap after another; ifmap words broadcast along rows, "
                  "psums go down the columns into the global buffer",
       .source =
           "Kwon et al., Co-Design of Deep Neural Nets and Neural Net Accelerators, DAC 2018"},
      {.id = DataflowId::os,
       .name = "os",
       .stationary = "ofmap",
       .rows = "P",
       .cols = "Q",
       .summary = "each PE keeps the psums of one ofmap position for several M; weights broadcast, "
                  "zero weights skipped, ifmap words shift between neighbours",
       .source = "Kwon et al., DAC 2018; Du et al., ShiDianNao, ISCA 2015"},
  };
  return table;
}

const Dataflow& dataflow(DataflowId id) {
  const auto& table = all_dataflows();
  return *std::ranges::find(table, id, &Dataflow::id);
}

const Dataflow* find_dataflow(std::string_view name) {
  const auto& table = all_dataflows();
  const auto found = std::ranges::find(table, name, &Dataflow::name);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace ridgeline
