#include "sim/run.hpp"

#include <optional>

#include "models/base/error.hpp"
#include "models/numeric/workload.hpp"
#include "reports/figures.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/figure_output.hpp"
#include "sim/cli/npy.hpp"
#include "sim/cli/output.hpp"
#include "sim/cli/run_request.hpp"

namespace ridgeline::cli {
namespace {

/// What one network gave.
struct Outcome {
  RunStats stats;
  std::string output_npy;  ///< empty unless asked for
};

Outcome execute(const RunRequest& request, std::size_t index) {
  const LoadedNetwork& loaded = request.networks[index];
  LoweredNetwork lowered = lowered_network(request, index);
  sim::RunOptions options = request.options;
  options.weights = loaded.weights;
  if (request.analytic) {
    return {sim::run_analytic(request.arch, lowered, request.precision, request.seed, options), ""};
  }
  if (!request.data) {
    return {sim::run_without_data(request.arch, lowered, request.precision, request.seed, options),
            ""};
  }
  WorkloadRequest wanted{
      .precision = request.precision, .seed = request.seed, .weights = loaded.weights};
  if (!request.input.inputs.empty()) wanted.picture = request.input.inputs[index].tensor;
  const bool integers = request.precision != Precision::fp32;
  wanted.keep_real_outputs = integers;
  wanted.calibration = request.calibration.options;
  if (!request.calibration.inputs.empty()) {
    for (const NetworkInput& input : request.calibration.inputs[index])
      wanted.calibration_inputs.push_back(input.tensor);
  }
  const Workload workload = make_workload(std::move(lowered), std::move(wanted));
  sim::RunResult result = sim::run_with_data(request.arch, workload, options);
  sim::check(result, workload);
  if (integers) sim::judge_quantization(result, workload);
  Outcome outcome{std::move(result.stats), ""};
  const auto output = static_cast<std::size_t>(workload.lowered.output);
  if (!request.input.inputs.empty()) outcome.stats.picture = request.input.inputs[index].note;
  if (request.options.layers.empty()) {
    outcome.stats.classes = classes_of(request.input, loaded.network, result.tensors[output],
                                       workload.quantizations[output]);
  }
  if (request.save_output) {
    outcome.output_npy =
        npy_bytes(result.tensors[output], workload.quantizations[output], loaded.output);
  }
  return outcome;
}

/// All files of one run: they are written together or not at all.
void write_run(const RunRequest& request, const Outcome& outcome) {
  std::vector<OutputFile> files;
  if (request.out) {
    const std::string stem = report_stem(outcome.stats.network, outcome.stats.arch.name);
    for (const reports::Format* format : request.formats) {
      const auto path = [&](const std::string& extension) {
        return *request.out / (stem + "." + extension);
      };
      if (format->files == nullptr) {
        files.push_back({path(format->extension), format->render(outcome.stats)});
        continue;
      }
      for (reports::FormatFile& file : format->files(outcome.stats)) {
        files.push_back({path(file.extension), std::move(file.bytes)});
      }
    }
  }
  if (request.save_output) files.push_back({*request.save_output, outcome.output_npy});
  write_reports(files);
}

bool passed(const RunStats& stats) {
  for (const LayerStats& layer : stats.layers) {
    if (!layer.check.passed()) return false;
  }
  return true;
}

int run(const Arguments& arguments) {
  return carry_out(read_run_request(arguments), &reports::render_text);
}

int validate(const Arguments& arguments) {
  const RunRequest request = read_run_request(arguments);
  if (request.analytic) {
    fail("--engine", "'analytic' moves no data that could be compared", "simulate");
  }
  if (watched()) say("comparing every layer with the reference engine");
  return carry_out(request, &reports::render_check);
}

}  // namespace

int carry_out(const RunRequest& request, std::string (*text)(const RunStats&)) {
  if (request.out) make_folder(*request.out);
  const bool as_text = request.out || request.formats.front()->name == "text";
  std::vector<RunStats> runs;
  bool all_passed = true;
  for (std::size_t i = 0; i < request.networks.size(); ++i) {
    Outcome outcome = execute(request, i);
    write_run(request, outcome);
    if (as_text && !runs.empty()) print("\n");
    print(as_text ? text(outcome.stats) : request.formats.front()->render(outcome.stats));
    all_passed = all_passed && passed(outcome.stats);
    runs.push_back(std::move(outcome.stats));
  }
  if (runs.size() > 1) {
    print("\n");
    print(reports::render_comparison(runs));
  }
  // Last, so that all else is done if there is no gnuplot.
  for (const RunStats& stats : runs) {
    if (!request.figures) continue;
    const std::string stem = report_stem(stats.network, stats.arch.name);
    write_figures(reports::figures(stats, stem), stem, *request.out);
  }
  return all_passed ? 0 : 1;
}

Command run_command() {
  return {.name = "run",
          .summary = "simulate networks on an architecture and report every layer",
          .usage = {"--arch A --network N [OPTIONS]"},
          .description =
              "Simulates a network, compares every layer's output with the reference engine, and\n"
              "reports cycles by cause, utilisation, energy, traffic and bound of each layer.",
          .options = run_options(true),
          .examples = {"run --arch squeezelerator_16x16 --network squeezenet_v1.0",
                       "run --arch squeezelerator_8x8 --network alexnet --dataflow ws --no-data",
                       "run --arch squeezelerator_16x16 --network mobilenet_v1 --engine analytic",
                       "run --arch eyeriss_v1 --network alexnet --no-data --activation-density 0.4",
                       "run --arch my.json --network squeezenet_v1.1 --out out --format json,csv",
                       "run --arch eyeriss_v1 --network alexnet --no-data --energy ERT.yaml",
                       "run --arch squeezelerator_16x16 --network my_network.json --input cat.png"},
          .run = &run};
}

Command validate_command() {
  return {.name = "validate",
          .summary = "simulate with data and compare every layer with the reference",
          .usage = {"--arch A --network N [OPTIONS]"},
          .description =
              "Simulates a network with data and prints, for every layer, how many elements\n"
              "were compared and how many differ. Exit code 1 if any does: integers must be\n"
              "equal, fp32 within a bound derived from the order of summation.",
          .options = run_options(false),
          .examples = {"validate --arch squeezelerator_16x16 --network squeezenet_v1.0",
                       "validate --arch squeezelerator_16x16 --network alexnet --precision int16"},
          .run = &validate};
}

}  // namespace ridgeline::cli
