#include <fmt/format.h>

#include "reports/roofline_report.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/format_option.hpp"
#include "sim/cli/measured_roofs.hpp"
#include "sim/cli/output.hpp"
#include "sim/cli/run_request.hpp"
#include "sim/cli/terminal.hpp"

namespace ridgeline::cli {
namespace {

constexpr std::uint64_t kLeastWidth = 40, kMostWidth = 400;

std::vector<std::string> level_names() {
  std::vector<std::string> names;
  for (const Roof roof : kMemoryRoofs) names.emplace_back(roof_name(roof));
  return names;
}

/// What `roofline` was asked for beside the run.
struct RooflineRequest {
  RunRequest run{};
  Roof level = Roof::dram;  ///< of the plot
  bool measured = false;
  reports::TextStyle style{};
  std::vector<const reports::RooflineFormat*> formats{};
};

RooflineRequest read_request(const Arguments& arguments) {
  RooflineRequest request;
  const std::vector<std::string> levels = level_names();
  request.level = kMemoryRoofs[choice("--level", arguments.value("level", "dram"), levels)];
  request.measured = arguments.has("measured");
  request.style = output_style();
  if (arguments.has("width")) {
    request.style.width = static_cast<int>(
        whole_number("--width", arguments.value("width"), kLeastWidth, kMostWidth));
  }
  request.formats = chosen_formats(arguments, reports::roofline_formats());
  request.run = read_timing_request(arguments);
  return request;
}

/// Cycles and counts do not depend on data, but for zeros, which --activation-density and
/// --weight-density declare.
RunStats timed(const RunRequest& request) {
  sim::RunOptions options = request.options;
  options.weights = request.networks.front().weights;
  const auto engine = request.analytic ? sim::run_analytic : sim::run_without_data;
  return engine(request.arch, lowered_network(request, 0), request.precision, request.seed,
                options);
}

std::string text_of(const RooflineAnalysis& analysis, const reports::RooflineFormat& format,
                    Roof level, const reports::TextStyle& style) {
  if (format.name != "text") return format.render(analysis);
  return reports::render_roofline_text(analysis, level, style);
}

int run_roofline(const Arguments& arguments) {
  const RooflineRequest request = read_request(arguments);
  if (request.run.out) make_folder(*request.run.out);
  RooflineAnalysis analysis = analyse_roofline(timed(request.run));
  if (request.measured) {
    analysis.measured = measure_roofs(request.run.arch, request.run.precision);
  }
  if (!request.run.out) {
    print(text_of(analysis, *request.formats.front(), request.level, request.style));
    return 0;
  }
  std::vector<OutputFile> files;
  const std::string stem = report_stem(analysis.network, analysis.arch) + ".roofline.";
  for (const reports::RooflineFormat* format : request.formats) {
    files.push_back({*request.run.out / (stem + format->extension),
                     text_of(analysis, *format, request.level, {})});
  }
  write_reports(files);
  print(reports::render_roofline_text(analysis, request.level, request.style));
  return 0;
}

std::vector<Option> roofline_options() {
  std::vector<Option> options = options_as_run(
      {"arch", "network", "weights", "precision", "layer-precision", "dataflow", "objective",
       "engine", "seed", "batch", "layers", "mapping", "activation-density", "weight-density"});
  options.push_back({"measured", "",
                     "run micro-benchmarks on the simulated machine, and print what they\n"
                     "attain beside the theoretical roofs"});
  options.push_back({"level", "L",
                     "memory level whose intensities the plot shows: dram, ifmap_port,\n"
                     "filter_port, psum_in_port, psum_out_port or register_file\n"
                     "(default dram)"});
  options.push_back({"width", "COLUMNS",
                     fmt::format("of the plots, {} to {} (default: the terminal's, or 80)",
                                 kLeastWidth, kMostWidth)});
  options.push_back({"out", "DIR", "write DIR/NETWORK@ARCH.roofline.txt, .json and so on"});
  options.push_back({"format", "LIST",
                     format_help("several with commas go to --out (default: text, and with --out "
                                 "all):",
                                 reports::roofline_formats())});
  return options;
}

}  // namespace

Command roofline_command() {
  return {.name = "roofline",
          .summary = "print each layer's place under the machine's roofs, and what it loses",
          .usage = {"--arch A --network N [OPTIONS]"},
          .description =
              "Runs a network without data and prints, for every layer, its intensity at each\n"
              "memory level, the roof that binds it, what it attained, and the headroom; the\n"
              "rooflines of time and energy; and the losses between peak and attained.\n"
              "Plots are braille where the locale is UTF-8, else ASCII. Colour is for terminals\n"
              "without NO_COLOR.",
          .options = roofline_options(),
          .examples = {"roofline --arch squeezelerator_16x16 --network squeezenet_v1.1",
                       "roofline --arch squeezelerator_16x16 --network squeezenet_v1.1 --measured",
                       "roofline --arch eyeriss_v1 --network alexnet --level ifmap_port",
                       "roofline --arch my.json --network mobilenet_v1 --engine analytic "
                       "--format json"},
          .run = &run_roofline};
}

}  // namespace ridgeline::cli
