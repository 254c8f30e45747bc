#include "models/arch/architecture_json.hpp"
#include "tests/fuzz/target.hpp"

/// Architectures; a base or an energy table that the input names is the input itself, so that
/// files stand on one another in circles.
void ridgeline::fuzzing::fuzz(const SourceText& source) {
  const auto same = [&](const std::string& name) { return SourceText{name, source.text}; };
  const Architecture arch =
      parse_architecture(source, {.architecture = same, .energy_table = same});
  // What was accepted is written, and accepted again.
  const std::string text = to_json_text(arch);
  require(to_json_text(parse_architecture({arch.name + ".json", text}, {})) == text);
}
