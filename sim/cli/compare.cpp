#include <optional>

#include "reports/run_comparison.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/format_option.hpp"
#include "sim/cli/output.hpp"

namespace ridgeline::cli {
namespace {

using reports::ComparisonFormat;

constexpr std::size_t kLargestReport = std::size_t{64} << 20;

int run_compare(const Arguments& arguments) {
  const std::vector<std::string> names{"A.json", "B.json"};
  const std::vector<std::string> files = arguments.words(names, 2);
  const std::vector<const ComparisonFormat*> formats =
      chosen_formats(arguments, reports::comparison_formats());
  const reports::RunReport a = reports::parse_run_report(read_input_file(files[0], kLargestReport));
  const reports::RunReport b = reports::parse_run_report(read_input_file(files[1], kLargestReport));
  const reports::RunComparison comparison = reports::compare_runs(a, b);
  const ComparisonFormat* printed = formats.front();
  if (arguments.has("out")) {
    const std::filesystem::path folder = arguments.value("out");
    make_folder(folder);
    std::vector<OutputFile> outputs;
    for (const ComparisonFormat* format : formats)
      outputs.push_back({folder / ("comparison." + format->extension), format->render(comparison)});
    write_reports(outputs);
    printed = &reports::comparison_formats().front();
  }
  print(printed->render(comparison));
  return 0;
}

}  // namespace

Command compare_command() {
  return {.name = "compare",
          .summary = "compare the JSON reports of two runs, layer by layer",
          .usage = {"A.json B.json [OPTIONS]"},
          .description =
              "Reads two reports that 'run --format json' wrote, and prints cycles and energy of\n"
              "both, their ratio, and what changed: bound, dataflow, tile, settings. Layers are\n"
              "matched by name, and those left over by operation and shape.",
          .options = {{"out", "DIR", "write DIR/comparison.txt, .json and so on"},
                      {"format", "LIST",
                       format_help("several with commas go to --out (default: text, and with --out "
                                   "all):",
                                   reports::comparison_formats())}},
          .examples = {"compare ws.json os.json", "compare a.json b.json --format md",
                       "compare a.json b.json --out out --format html,csv"},
          .run = &run_compare};
}

}  // namespace ridgeline::cli
