#include "sim/cli/precision_option.hpp"

namespace ridgeline::cli {

Option layer_precision_option() {
  return {"layer-precision", "GLOB=P",
          "int8 or int16 for the layers whose names match, like 'conv1=int16';\n"
          "repeat the option for others, the last that matches counts",
          true};
}

std::vector<PrecisionRule> read_layer_precisions(const Arguments& arguments, Precision precision) {
  std::vector<PrecisionRule> rules;
  const std::vector<std::string> names{"int8", "int16"};
  for (const std::string& text : arguments.values("layer-precision")) {
    if (precision == Precision::fp32)
      fail("--layer-precision", "is for integers", "together with --precision int8 or int16");
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0)
      fail("--layer-precision", in_quotes(text) + " names no layers and precision",
           "a glob over layers, '=', and int8 or int16, like 'conv1=int16'");
    const bool wide = choice("--layer-precision", text.substr(equals + 1), names) == 1;
    rules.push_back({text.substr(0, equals), wide ? Precision::int16 : Precision::int8});
  }
  return rules;
}

}  // namespace ridgeline::cli
