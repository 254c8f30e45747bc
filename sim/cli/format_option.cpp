#include "sim/cli/format_option.hpp"

namespace ridgeline::cli {

std::vector<std::size_t> named_formats(const Arguments& arguments,
                                       const std::vector<std::string>& names) {
  std::vector<std::size_t> named;
  if (!arguments.has("format")) return named;
  for (const std::string& name : comma_list(arguments.value("format"))) {
    const std::size_t index = choice("--format", name, names);
    if (std::ranges::find(named, index) != named.end()) {
      fail("--format", in_quotes(name) + " is named twice");
    }
    named.push_back(index);
  }
  if (!arguments.has("out") && named.size() > 1) {
    fail("--format", "standard output takes one format", "one format, or several with --out DIR");
  }
  return named;
}

}  // namespace ridgeline::cli
