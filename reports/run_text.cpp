#include "reports/run_text.hpp"
#include "models/base/grouped.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/format.hpp"

namespace ridgeline::reports {
namespace {

std::string window_text(const Window& window) {
  std::string text = fmt::format(" {}x{}", window.R, window.S);
  const auto [down, across] = window.stride;
  if (down != across) return text + fmt::format("/{},{}", down, across);
  return down == 1 ? text : text + fmt::format("/{}", down);
}

std::string bytes_text(Bytes bytes) {
  constexpr std::int64_t kKib = 1024;
  if (bytes.count() % kKib != 0) return grouped(bytes.count()) + " B";
  return grouped(bytes.count() / kKib) + " KiB";
}

std::string machine_text(const Architecture& arch) {
  const PeArray& array = arch.pe_array;
  return fmt::format("{}x{} PEs ({}), {} global buffer, DRAM {} B/cycle, {:.6g} MHz", array.rows,
                     array.cols, array.fabric == Fabric::broadcast ? "broadcast" : "systolic",
                     bytes_text(arch.global_buffer.bytes), arch.dram.bytes_per_cycle,
                     arch.clock.count() / 1e6);
}

}  // namespace

std::string shape_text(const TensorShape& shape) {
  const std::string chw = fmt::format("{}x{}x{}", shape.C, shape.H, shape.W);
  return shape.N == 1 ? chw : fmt::format("{}x", shape.N) + chw;
}

std::string op_text(const LayerStats& layer) {
  if (layer.op == "fully_connected") return "fc";
  if (layer.op == "max_pool") return "max" + window_text(layer.shape.window);
  if (layer.op == "average_pool") return "avg" + window_text(layer.shape.window);
  if (layer.op == "conv") return "conv" + window_text(layer.shape.window);
  return printable(layer.op);
}

std::string energy_unit_text(std::string_view unit) {
  return unit == "MAC" ? "MAC equivalents" : printable(unit);
}

std::string energy_unit_text(const EnergyTable& table) {
  return energy_unit_text(table.unit);
}

std::string heading_text(const RunStats& run) {
  const std::string network = printable(run.network);
  const std::string arch = printable(run.arch.name);
  std::string text = fmt::format("{} on {}\n", network, arch);
  const auto line = [&](std::string_view name, const std::string& value) {
    constexpr std::size_t kWidth = 120;
    text += fmt::format("  {:<13} {}\n", name, wrapped(value, kWidth, std::string(16, ' ')));
  };
  line("network", fmt::format("input {}, {} MACs, {} parameters", shape_text(run.input),
                              grouped(run.network_macs.count()), grouped(run.network_parameters)));
  line("architecture", machine_text(run.arch));
  line("run",
       fmt::format("{}, engine {}, dataflow {}, objective {}, seed {}, data {}",
                   precision_name(run.precision), printable(run.engine), printable(run.dataflow),
                   printable(run.objective), run.seed, run.data ? "on" : "off"));
  if (is_mixed(run)) {
    const auto wide = std::ranges::count_if(run.layers, [](const LayerStats& layer) {
      return layer.precision.own == Precision::int16;
    });
    line("precision",
         fmt::format("{} of {} layers read int16 words, the others int8", wide, run.layers.size()));
  }
  if (!run.weights_note.empty()) line("weights", printable(run.weights_note));
  if (!run.picture.empty()) line("picture", printable(run.picture));
  line("energy", fmt::format("in {}, table {}", energy_unit_text(run.arch.energy),
                             printable(run.arch.energy.name)));
  return text;
}

bool is_mixed(const RunStats& run) {
  return std::ranges::any_of(run.layers, [&](const LayerStats& layer) {
    return layer.precision != LayerPrecision(run.precision);
  });
}

std::string words_text(const LayerStats& layer) {
  const LayerPrecision& words = layer.precision;
  if (words.output == words.own) return std::string(precision_name(words.own));
  return fmt::format("{} > {}", precision_name(words.own), precision_name(words.output));
}

std::string classes_text(const RunStats& run) {
  if (run.classes.empty() || run.classes.front().label.empty()) return {};
  std::string text;
  int picture = -1;
  for (const ClassScore& one : run.classes) {
    std::string head = picture < 0 ? "classes" : "";
    if (one.picture != picture && run.input.N > 1)
      head = fmt::format("picture {}", one.picture + 1);
    picture = one.picture;
    text += fmt::format("  {:<13} {:.4f}  {:>4}  {}\n", head, one.score, one.index,
                        shortened(printable(one.label), 60));
  }
  return text;
}

std::string shares_of_cycles(const CycleBreakdown& cycles) {
  static constexpr std::array<const char*, 6> kNames{
      "compute", "fill and drain", "stationary load", "buffer stall", "DRAM stall", "vector unit"};
  std::string text;
  std::size_t i = 0;
  for (const auto& cause : CycleBreakdown::fields()) {
    text += fmt::format("{}{} {} %", i == 0 ? "" : ", ", kNames[i],
                        percent(static_cast<double>((cycles.*cause.member).count()),
                                static_cast<double>(cycles.total().count())));
    ++i;
  }
  return text;
}

std::string check_text(const TensorCheck& check) {
  if (check.compared == 0) return "-";
  return check.passed() ? "ok" : short_count(static_cast<double>(check.mismatches)) + " bad";
}

std::string check_summary(const RunStats& run) {
  const LayerStats total = total_of(run);
  if (total.check.compared == 0) return {};
  std::size_t checked = 0;
  std::string failures;
  for (const LayerStats& layer : run.layers) {
    checked += layer.check.compared > 0 ? 1 : 0;
    if (layer.check.passed()) continue;
    failures += fmt::format("  FAILED  {}: {} of {} elements differ, largest error {:.6g}; {}\n",
                            printable(layer.name), grouped(layer.check.mismatches),
                            grouped(layer.check.compared), layer.check.max_abs_error,
                            printable(layer.check.first_mismatch));
  }
  return fmt::format(
             "  {:<13} {} elements of {} of {} layers compared with the reference, {} "
             "mismatches",
             "check", grouped(total.check.compared), checked, run.layers.size(),
             grouped(total.check.mismatches)) +
         (run.precision == Precision::fp32
              ? fmt::format(", largest error {:.3g}\n", total.check.max_abs_error)
              : "\n") +
         failures;
}

}  // namespace ridgeline::reports
