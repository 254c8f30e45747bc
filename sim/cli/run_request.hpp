#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/network/network.hpp"
#include "reports/report.hpp"
#include "sim/cli/calibration_option.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/density_option.hpp"
#include "sim/cli/input_option.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/precision_option.hpp"
#include "sim/run.hpp"

/// What `run` and `validate` were asked to do, every option read and checked.
namespace ridgeline::cli {

struct RunRequest {
  Architecture arch;
  std::vector<LoadedNetwork> networks;
  Precision precision = Precision::int8;
  sim::RunOptions options;
  std::uint64_t seed = 1;
  bool analytic = false;  ///< the analytic engine: never with data
  bool data = true;
  InputRequest input;
  Densities densities{};  ///< without data
  CalibrationRequest calibration;
  std::vector<PrecisionRule> layer_precisions;
  std::vector<const reports::Format*> formats;       ///< to write, or the one to print
  bool figures = false;                              ///< figures by gnuplot, into `out`
  std::optional<std::filesystem::path> out;          ///< folder of report files
  std::optional<std::filesystem::path> save_output;  ///< NumPy file
};

/// Options that other commands share. @throws InputError
[[nodiscard]] Precision read_precision(const Arguments& arguments);
[[nodiscard]] std::optional<Objective> read_objective(const Arguments& arguments);
[[nodiscard]] std::string read_dataflow(const Arguments& arguments);
[[nodiscard]] std::vector<LoadedNetwork> read_networks(const Arguments& arguments);

[[nodiscard]] std::vector<Option> run_options(bool with_no_data);
/// Those of them that `names` has, and the energy options, for a command that takes one network.
[[nodiscard]] std::vector<Option> options_as_run(std::initializer_list<std::string_view> names);
/// @throws InputError for anything that cannot be, before any work is done.
[[nodiscard]] RunRequest read_run_request(const Arguments& arguments);
/// What commands read that run one network without data: no formats, pictures or calibration.
/// @throws InputError
[[nodiscard]] RunRequest read_timing_request(const Arguments& arguments);

/// The layers of network `index`, with the densities declared and their precisions.
[[nodiscard]] LoweredNetwork lowered_network(const RunRequest& request, std::size_t index);

/// Runs every network, writes its reports and prints its results; `text` is what standard output
/// shows of a run when text is wanted there. The exit code: 1 if any layer differs, else 0.
[[nodiscard]] int carry_out(const RunRequest& request, std::string (*text)(const RunStats&));

}  // namespace ridgeline::cli
