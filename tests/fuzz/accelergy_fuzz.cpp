#include "models/arch/accelergy.hpp"

#include <span>

#include "models/arch/architecture_json.hpp"
#include "tests/fuzz/target.hpp"

/// ERTs and ARTs; what was read is written as an energy table, and read again.
void ridgeline::fuzzing::fuzz(const SourceText& source) {
  const AccelergyChoices choices{.components = {{"x", "glb", 4}},
                                 .arguments = AccelergyArguments{.average = true}};
  EnergyTable table = parse_accelergy(std::span(&source, 1), choices);
  table.name = "table";
  require(parse_energy_table({"table.json", to_json_text(table)}) == table);
}
