#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.hpp"
#include "models/mapping/selection.hpp"
#include "models/network/layer_names.hpp"
#include "reports/mapping_report.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/energy_option.hpp"
#include "sim/cli/format_option.hpp"
#include "sim/cli/output.hpp"
#include "sim/cli/run_request.hpp"

namespace ridgeline::cli {
namespace {

using reports::MappedLayer;
using reports::MappingReport;

constexpr std::uint64_t kMostBest = 100;

std::string render_text(const MappingReport& report, bool nests) {
  return nests ? render_loop_nests(report) : render_mappings(report);
}
std::string render_json(const MappingReport& report, bool /*nests*/) {
  return render_mappings_json(report);
}

struct MapFormat {
  std::string name, extension, summary;
  std::string (*render)(const MappingReport&, bool nests);
};
const std::vector<MapFormat> kFormats{
    {"text", "txt", "loop nests, levels and totals; without --layer a line a layer", &render_text},
    {"json", "json", "schema ridgeline.map/1", &render_json}};

/// What `map` was asked to do.
struct MapRequest {
  Architecture arch{};
  LoweredNetwork network{};
  Precision precision = Precision::int8;
  std::string dataflow{};
  Objective objective = Objective::latency;
  std::string layers{};  ///< a glob
  std::size_t keep = 1;
  std::vector<LayerMapping> fixed{};
  std::vector<const MapFormat*> formats{};
};

MapRequest read_map_request(const Arguments& arguments) {
  (void)arguments.words({}, 0);
  MapRequest request{.precision = read_precision(arguments),
                     .dataflow = read_dataflow(arguments),
                     .layers = arguments.value("layer")};
  const std::optional<Objective> objective = read_objective(arguments);
  request.keep =
      static_cast<std::size_t>(whole_number("--best", arguments.value("best", "1"), 1, kMostBest));
  request.formats = chosen_formats(arguments, kFormats);
  request.arch = read_architecture(arguments);
  request.objective = objective.value_or(request.arch.objective);
  request.network = lower(read_networks(arguments).front().network);
  if (arguments.has("mapping")) {
    request.fixed = load_mappings(arguments.value("mapping"),
                                  {request.arch, request.network, request.precision});
  }
  return request;
}

/// What the user says of the layer, or null.
const LayerMapping* fixed_mapping(const MapRequest& request, const LoweredLayer& layer) {
  const auto fixed = std::ranges::find(request.fixed, layer.name, &LayerMapping::layer);
  return fixed == request.fixed.end() ? nullptr : &*fixed;
}

MappedLayer mapped(const MapRequest& request, const LoweredLayer& layer,
                   const std::vector<const Dataflow*>& dataflows) {
  if (const LayerMapping* fixed = fixed_mapping(request, layer)) {
    const LayerCost cost = analytic_cost({request.arch, layer, request.precision, fixed->mapping,
                                          plain_tensors(layer), ZeroWeights()});
    return {.layer = layer, .best = {{fixed->mapping, cost}}, .tried = 0, .fixed = true};
  }
  FoundMappings found = search_mappings(request.arch, {.layer = layer,
                                                       .precision = request.precision,
                                                       .dataflows = dataflows,
                                                       .objective = request.objective,
                                                       .keep = request.keep});
  if (found.best.empty()) {
    throw InfeasibleError(fmt::format("layer {}: no mapping on {}: {}", layer.name,
                                      request.arch.name, found.shortage));
  }
  return {.layer = layer, .best = std::move(found.best), .tried = found.tried, .fixed = false};
}

MappingReport map_layers(const MapRequest& request) {
  MappingReport report{.arch = request.arch,
                       .network = request.network.network.name,
                       .precision = request.precision,
                       .dataflow = request.dataflow,
                       .objective = request.objective,
                       .layers = {}};
  const std::vector<const Dataflow*> dataflows = offered_dataflows(request.arch, request.dataflow);
  for (const std::size_t i : selected_layers(request.network, request.layers, "--layer")) {
    const LoweredLayer& layer = request.network.layers[i];
    const auto before = std::ranges::find_if(report.layers, [&](const MappedLayer& other) {
      return !other.fixed && mapped_alike(other.layer, layer) &&
             fixed_mapping(request, layer) == nullptr;
    });
    if (before == report.layers.end()) {
      report.layers.push_back(mapped(request, layer, dataflows));
    } else {
      MappedLayer same = *before;
      same.layer = layer;
      report.layers.push_back(std::move(same));
    }
  }
  return report;
}

/// The files that were asked for: all of them or none.
void write(const Arguments& arguments, const MapRequest& request, const MappingReport& report) {
  std::vector<OutputFile> files;
  if (arguments.has("out")) {
    make_folder(arguments.value("out"));
    const std::string stem = report_stem(report.network, report.arch.name) + ".map.";
    for (const MapFormat* format : request.formats) {
      files.push_back({std::filesystem::path(arguments.value("out")) / (stem + format->extension),
                       format->render(report, arguments.has("layer"))});
    }
  }
  if (arguments.has("write")) {
    std::vector<LayerMapping> chosen;
    for (const MappedLayer& layer : report.layers) {
      chosen.push_back({layer.layer.name, layer.best.front().mapping});
    }
    files.push_back({arguments.value("write"),
                     to_json_text(chosen, {request.arch, request.network, request.precision})});
  }
  write_reports(files);
}

int run_map(const Arguments& arguments) {
  const MapRequest request = read_map_request(arguments);
  const MappingReport report = map_layers(request);
  write(arguments, request, report);
  const MapFormat& printed = arguments.has("out") ? kFormats.front() : *request.formats.front();
  print(printed.render(report, arguments.has("layer")));
  return 0;
}

std::vector<Option> map_options() {
  std::vector<Option> options = options_as_run(
      {"arch", "network", "precision", "dataflow", "objective", "batch", "layers", "mapping"});
  *std::ranges::find(options, "layers", &Option::name) = {
      "layer", "L",
      "layers whose loop nests to print: a name, or a glob like 'fire2/*'\n"
      "(default: a line for every layer)"};
  options.push_back(
      {"best", "K",
       fmt::format("print the best K mappings of each layer, 1 to {} (default 1)", kMostBest)});
  options.push_back({"write", "FILE",
                     "write the chosen mappings as JSON, schema ridgeline.mapping/1, which\n"
                     "--mapping reads"});
  options.push_back({"out", "DIR", "write DIR/NETWORK@ARCH.map.txt and .map.json"});
  options.push_back({"format", "LIST",
                     format_help("several with commas go to --out (default: text, and with --out "
                                 "all):",
                                 kFormats)});
  return options;
}

}  // namespace

Command map_command() {
  return {
      .name = "map",
      .summary = "print the mapping of layers as loop nests, and the search's best",
      .usage = {"--arch A --network N [--layer L] [OPTIONS]"},
      .description =
          "Searches the mapping of each layer, as 'run' does, and prints it as a loop nest from\n"
          "DRAM to the PEs: what each level holds, moves and costs. Nothing is simulated.",
      .options = map_options(),
      .examples = {"map --arch squeezelerator_16x16 --network squeezenet_v1.1 --layer conv1",
                   "map --arch squeezelerator_16x16 --network alexnet --layer conv3 --best 10",
                   "map --arch squeezelerator_16x16 --network alexnet --write alexnet.json",
                   "run --arch squeezelerator_16x16 --network alexnet --mapping alexnet.json"},
      .run = &run_map};
}

}  // namespace ridgeline::cli
