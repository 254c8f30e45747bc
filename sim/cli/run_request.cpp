#include "sim/cli/run_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "models/arch/architecture_fields.hpp"
#include "models/mapping/dataflow.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/energy_option.hpp"
#include "sim/cli/figure_output.hpp"
#include "sim/cli/format_option.hpp"

namespace ridgeline::cli {

constexpr std::uint64_t kLargestBatch = 1024;

Precision read_precision(const Arguments& arguments) {
  const std::vector<std::string> names{"int8", "int16", "fp32"};
  constexpr std::array kPrecisions{Precision::int8, Precision::int16, Precision::fp32};
  return kPrecisions[choice("--precision", arguments.value("precision", "int8"), names)];
}

std::optional<Objective> read_objective(const Arguments& arguments) {
  if (!arguments.has("objective")) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& known : arch_fields::kObjectives) names.emplace_back(known.name);
  return arch_fields::kObjectives[choice("--objective", arguments.value("objective"), names)].value;
}

std::string read_dataflow(const Arguments& arguments) {
  std::vector<std::string> names{"auto"};
  for (const Dataflow& known : all_dataflows()) names.push_back(known.name);
  return names[choice("--dataflow", arguments.value("dataflow", "auto"), names)];
}

namespace {

bool read_analytic(const Arguments& arguments) {
  const std::vector<std::string> names{"simulate", "analytic"};
  return choice("--engine", arguments.value("engine", "simulate"), names) == 1;
}

/// The formats to write, or the one to print; figures are files that gnuplot draws, and apart.
std::vector<const reports::Format*> read_formats(const Arguments& arguments, bool& figures) {
  std::vector<std::string> names;
  for (const reports::Format& format : reports::formats()) names.push_back(format.name);
  names.emplace_back(kFigureFormat);
  std::vector<const reports::Format*> formats;
  for (const std::size_t i : named_formats(arguments, names)) {
    if (i < reports::formats().size()) {
      formats.push_back(&reports::formats()[i]);
    } else {
      figures = true;
    }
  }
  if (figures && !arguments.has("out")) {
    fail("--format", "svg makes several files, with their data and scripts", "--out DIR beside it");
  }
  if (!formats.empty() || figures) return formats;
  for (const reports::Format& format : reports::formats()) {
    if (!format.needs_trace && !format.only_named) formats.push_back(&format);
  }
  if (!arguments.has("out")) formats.resize(1);
  return formats;
}

/// The file's own batch stays unless another is asked for.
LoadedNetwork read_network(const Arguments& arguments, const std::string& name, int N) {
  LoadedNetwork loaded = load_network(name);
  if ((arguments.has("batch") || !loaded.weights) && loaded.network.input().N != N) {
    loaded.network = with_batch(std::move(loaded.network), N);
    for (std::optional<Layout>* array : {&loaded.input, &loaded.output}) {
      if (*array) *array = (*array)->with_images(N);
    }
  }
  if (arguments.has("weights"))
    loaded.weights = load_weights(arguments.value("weights"), loaded.network);
  return loaded;
}

}  // namespace

std::vector<LoadedNetwork> read_networks(const Arguments& arguments) {
  (void)arguments.required("network",
                           "a name that 'ridgeline list networks' prints, or an ONNX or JSON file");
  const std::string batch = arguments.value("batch", "1");
  const auto N = static_cast<int>(whole_number("--batch", batch, 1, kLargestBatch));
  std::vector<LoadedNetwork> networks;
  for (const std::string& name : arguments.values("network")) {
    networks.push_back(read_network(arguments, name, N));
    const auto same_name = [&](const LoadedNetwork& other) {
      return other.network.name == networks.back().network.name;
    };
    if (std::find_if(networks.begin(), networks.end() - 1, same_name) != networks.end() - 1) {
      fail("--network", in_quotes(name) + " is named twice");
    }
  }
  return networks;
}

namespace {

/// Options that exclude each other.
void check_together(const Arguments& arguments, const RunRequest& request) {
  const bool several = request.networks.size() > 1;
  if (several && !request.out && request.formats.front()->name != "text") {
    fail("--format", "standard output takes one network in this format", "text, or --out DIR");
  }
  if (request.analytic && request.options.trace) {
    fail("--format", "timelines come from the simulation, not from --engine analytic",
         "text, json, csv, html, md, svg");
  }
  if (several && arguments.has("weights")) fail("--weights", "is for one network, not several");
  if (several && arguments.has("mapping")) fail("--mapping", "is for one network, not several");
  for (const char* option : {"input", "labels"}) {
    if (arguments.has(option) && !request.data)
      fail(fmt::format("--{}", option),
           "needs data, which --no-data and --engine analytic leave out");
  }
  for (const Option& density : density_options()) {
    if (!arguments.has(density.name) || !request.data) continue;
    fail(fmt::format("--{}", density.name),
         "is for runs without data; with data, zeros are counted in the tensors",
         "--no-data or --engine analytic beside it");
  }
  if (arguments.has("labels") && arguments.has("layers")) {
    fail("--labels", "needs the whole network, of which --layers runs a part");
  }
  if (!request.save_output) return;
  if (several) fail("--save-output", "takes the output of one network, not of several");
  if (!request.data)
    fail("--save-output", "needs data, which --no-data and --engine analytic leave out");
  if (arguments.has("layers")) {
    fail("--save-output", "needs the whole network, of which --layers runs a part");
  }
}

}  // namespace

std::vector<Option> run_options(bool with_no_data) {
  std::vector<Option> options{
      {"arch", "A", "architecture: a name that 'ridgeline list archs' prints, or a JSON file"},
      {"network", "N",
       "network: a name that 'ridgeline list networks' prints, or an ONNX or\n"
       "JSON file; repeat the option to run several and compare their totals",
       true},
      {"weights", "FILE",
       "weights of the network, from an ONNX file of the same network\n"
       "(default: an ONNX network's own, random ones for others)"},
      {"precision", "P", "word format: int8, int16 or fp32 (default int8)"},
      layer_precision_option(),
      {"dataflow", "D",
       "auto, or the one dataflow to use; 'ridgeline list dataflows' prints\n"
       "them (default auto: the best for each layer)"},
      {"objective", "O",
       "what the mapping of a layer minimises: latency, energy, edp (the\n"
       "product of both) or traffic (words to and from DRAM, then latency);\n"
       "default: the architecture's own, latency for most"},
      {"engine", "E",
       "simulate: the SystemC model (default); analytic: closed forms and\n"
       "recurrences, without data: the same counts, cycles within 2 %"},
      {"seed", "S", "of the random weights and the picture, 0 to 2^64 - 1 (default 1)"},
      {"batch", "N", "pictures at a time, 1 to 1024 (default 1, or what an ONNX file says)"},
      {"layers", "GLOB", "run only the layers whose names match, like 'fire2/*'"},
      {"mapping", "FILE",
       "mappings to use, as 'ridgeline map --write' writes them; layers that\n"
       "the file does not name are mapped as always"}};
  if (with_no_data) {
    constexpr const char* kHelp = "count cycles and energy only: no data moves, nothing is checked";
    options.push_back({"no-data", "", kHelp});
    for (Option& option : density_options()) options.push_back(std::move(option));
  }
  for (Option& option : input_options()) options.push_back(std::move(option));
  for (Option& option : calibration_options()) options.push_back(std::move(option));
  for (Option& option : energy_options()) options.push_back(std::move(option));
  options.push_back({"save-output", "FILE", "write the network's output as float32, NumPy format"});
  options.push_back({"out", "DIR", "write reports DIR/NETWORK@ARCH.txt, .json and so on"});
  options.push_back(
      {"format", "LIST",
       format_help("several with commas go to --out (default: text, and with --out "
                   "all\nbut the timelines, accelergy and figures):",
                   reports::formats()) +
           "\nsvg    figures for papers, drawn by gnuplot; its .dat and .gp files too"});
  return options;
}

std::vector<Option> options_as_run(std::initializer_list<std::string_view> names) {
  std::vector<std::string> wanted(names.begin(), names.end());
  for (const Option& option : energy_options()) wanted.push_back(option.name);
  std::vector<Option> options = run_options(true);
  std::erase_if(options, [&](const Option& option) {
    return std::ranges::find(wanted, option.name) == wanted.end();
  });
  for (Option& option : options) {
    if (option.name != "network") continue;
    option = {"network", "N",
              "network: a name that 'ridgeline list networks' prints, or an ONNX or\n"
              "JSON file"};
  }
  return options;
}

LoweredNetwork lowered_network(const RunRequest& request, std::size_t index) {
  LoweredNetwork lowered = lower(request.networks[index].network);
  declare_densities(lowered, request.densities);  // copies between precisions have their source's
  return assign_precisions(std::move(lowered), request.precision, request.layer_precisions);
}

namespace {

/// Weights that are there have zeros of their own.
void check_weights_unknown(const Arguments& arguments, const RunRequest& request) {
  const bool own = std::ranges::any_of(
      request.networks, [](const LoadedNetwork& loaded) { return loaded.weights != nullptr; });
  if (own && arguments.has("weight-density")) {
    fail("--weight-density",
         "is for networks without weights of their own, whose zeros are counted");
  }
}

/// What decides cycles and counts, and where reports go; not the networks.
RunRequest read_machine_and_options(const Arguments& arguments) {
  (void)arguments.words({}, 0);
  RunRequest request;
  request.precision = read_precision(arguments);
  request.options.dataflow = read_dataflow(arguments);
  request.options.objective = read_objective(arguments);
  request.options.layers = arguments.value("layers");
  request.analytic = read_analytic(arguments);
  request.seed = whole_number("--seed", arguments.value("seed", "1"), 0,
                              std::numeric_limits<std::uint64_t>::max());
  request.densities = read_densities(arguments);
  if (arguments.has("out")) request.out = arguments.value("out");
  return request;
}

/// Refuses globs that match nothing.
void read_precisions_of_layers(const Arguments& arguments, RunRequest& request) {
  request.layer_precisions = read_layer_precisions(arguments, request.precision);
  if (request.layer_precisions.empty() && request.densities.empty()) return;
  for (std::size_t i = 0; i < request.networks.size(); ++i) (void)lowered_network(request, i);
}

void read_mappings(const Arguments& arguments, RunRequest& request) {
  if (!arguments.has("mapping")) return;
  request.options.mappings = load_mappings(
      arguments.value("mapping"), {request.arch, lowered_network(request, 0), request.precision});
}

}  // namespace

RunRequest read_run_request(const Arguments& arguments) {
  RunRequest request = read_machine_and_options(arguments);
  request.data = !arguments.has("no-data") && !request.analytic;
  request.formats = read_formats(arguments, request.figures);
  request.options.trace =
      std::ranges::any_of(request.formats, [](const auto* f) { return f->needs_trace; });
  if (arguments.has("save-output")) request.save_output = arguments.value("save-output");
  request.arch = read_architecture(arguments);
  request.networks = read_networks(arguments);
  check_together(arguments, request);
  check_weights_unknown(arguments, request);
  read_precisions_of_layers(arguments, request);
  request.calibration =
      read_calibration(arguments, request.networks, request.precision, request.data);
  request.input = read_inputs(arguments, request.networks);
  read_mappings(arguments, request);
  return request;
}

RunRequest read_timing_request(const Arguments& arguments) {
  RunRequest request = read_machine_and_options(arguments);
  request.data = false;
  request.arch = read_architecture(arguments);
  request.networks = read_networks(arguments);
  check_weights_unknown(arguments, request);
  read_precisions_of_layers(arguments, request);
  read_mappings(arguments, request);
  return request;
}

}  // namespace ridgeline::cli
