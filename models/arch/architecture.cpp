#include "models/arch/architecture.hpp"

#include "models/arch/architecture_fields.hpp"

namespace ridgeline {

std::string_view objective_name(Objective objective) {
  return std::ranges::find(arch_fields::kObjectives, objective,
                           &arch_fields::Named<Objective>::value)
      ->name;
}

}  // namespace ridgeline
