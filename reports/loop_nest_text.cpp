#include "reports/loop_nest_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "models/base/grouped.hpp"
#include "models/mapping/buffer_plan.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/loop_nest.hpp"
#include "reports/format.hpp"
#include "reports/run_text.hpp"
#include "reports/table.hpp"

namespace ridgeline::reports {
namespace {

/// Lines that go deeper with every loop.
class Lines {
 public:
  void level(const std::string& name) { text_ += name + '\n'; }
  void loops(const std::vector<Loop>& loops, std::string_view word, std::string_view after = "") {
    for (const Loop& loop : loops) {
      ++depth_;
      line(fmt::format("{} {}{}", word, loop_text(loop), after));
    }
  }
  void body(const std::string& statement) {
    ++depth_;
    line(statement);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  /// "m in 0..5 (16 x 5, last 3)"
  static std::string loop_text(const Loop& loop) {
    std::string name = loop.dimension;
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    std::string text = fmt::format("{} in 0..{}", name, loop.trips());
    if (loop.size > 1) {
      text += fmt::format(" ({} x {}", loop.size, loop.trips());
      if (loop.last() != loop.size) text += fmt::format(", last {}", loop.last());
      text += ')';
    }
    return text;
  }
  void line(const std::string& content) {
    text_ += std::string(2 * static_cast<std::size_t>(depth_), ' ') + content + '\n';
  }

  std::string text_;
  int depth_ = 0;
};

std::string share_text(Bytes part, Bytes whole) {
  return fmt::format(
      "{} of {} B ({} %)", grouped(part.count()), grouped(whole.count()),
      percent(static_cast<double>(part.count()), static_cast<double>(whole.count())));
}

/// "ifmap 2 x 1,024 B, filter 1 x 2,304 B, psum 2 x 4,096 B: 12,544 of 131,072 B (9.6 %)"
std::string held_text(const MappedLayer& layer, const MappingReport& report) {
  const GlobalBuffer& glb = report.arch.global_buffer;
  const Mapping& mapping = layer.best.front().mapping;
  const BufferPlan plan = buffer_plan(report.arch, layer.layer, report.precision, mapping);
  const bool streams = mapping.dataflow != nullptr && mapping.dataflow->filters_stream;
  std::string parts;
  const auto part = [&](const char* name, const BufferPlan::Operand& operand) {
    if (operand.tile == Bytes(0)) return;
    parts += fmt::format("{}{} {} x {} B", parts.empty() ? "" : ", ", name, operand.halves,
                         grouped(operand.tile.count()));
  };
  part("ifmap", plan.ifmap);
  if (!streams) part("filter", plan.filter);
  part("residual", plan.residual);
  part(mapping.dataflow != nullptr ? "psum" : "ofmap", plan.ofmap);
  if (streams) parts += ", filters of one pass";
  std::string text = parts + ": " + share_text(plan.global, glb.bytes);
  if (glb.filter_bytes > Bytes(0) && mapping.dataflow != nullptr) {
    text += "; filter buffer: " + share_text(plan.filter_buffer, glb.filter_bytes);
  }
  return text;
}

std::string nest_text(const MappedLayer& layer, const MappingReport& report) {
  const Mapping& mapping = layer.best.front().mapping;
  const LoopNest nest = loop_nest(report.arch, layer.layer, mapping);
  Lines lines;
  const bool on_array = mapping.dataflow != nullptr;
  lines.level(on_array ? fmt::format("DRAM, {}", tile_order_name(mapping.order)) : "DRAM");
  lines.loops(nest.tiles, "for");
  lines.level("global buffer, holds " + held_text(layer, report));
  if (!on_array) {
    lines.level(fmt::format("vector unit, {} lanes", report.arch.vector_unit.lanes));
    lines.loops(nest.steps, "for");
    lines.body(fmt::format("ofmap[n][m][p][q] = {}(ifmap)", layer_kind_name(layer.layer.kind)));
    return lines.text();
  }
  lines.loops(nest.passes, "for");
  const PeArray& array = report.arch.pe_array;
  lines.level(fmt::format("PE array, {} x {}, a pass", array.rows, array.cols));
  lines.loops(nest.sets, "spatial", " over sets of PEs");
  lines.loops(nest.rows, "spatial", " over rows");
  lines.loops(nest.cols, "spatial", " over columns");
  lines.level(fmt::format("PE, keeps {}", mapping.dataflow->stationary));
  lines.loops(nest.steps, "for");
  lines.body("ofmap[n][m][p][q] += ifmap[n][c][h][w] * filter[m][c][r][s]");
  return lines.text();
}

/// A level of the machine: what it moves, what that costs, and the cycles that it is to blame for.
struct Level {
  const char* name;
  std::optional<std::int64_t> read, written;
  Energy energy;
  std::optional<Cycles> cycles{};
  const char* cause = "";
};

std::vector<Level> levels_of(const LayerStats& s) {
  const AccessCounts& n = s.accesses;
  std::vector<Level> levels{
      {"DRAM", n.dram_read(), n.dram_write(), s.energy.dram, s.cycles.dram_stall, "DRAM stall"},
      {"global buffer", n.glb_read(), n.glb_write(), s.energy.glb, s.cycles.glb_stall,
       "buffer stall"},
      {"array network", n.noc(), std::nullopt, s.energy.noc, s.cycles.fill_drain, "fill and drain"},
      {"register files", n.rf_read(), n.rf_write(), s.energy.rf, s.cycles.stationary_load,
       "stationary load"},
      {"multipliers", n.mac, std::nullopt, s.energy.mac, s.cycles.compute, "compute"},
      {"vector unit", n.vector, std::nullopt, s.energy.vector, s.cycles.vector_stall,
       "vector unit"}};
  if (s.energy.leakage.count() > 0) {
    levels.push_back({"leakage", std::nullopt, std::nullopt, s.energy.leakage, std::nullopt, ""});
  }
  return levels;
}

std::string levels_text(const LayerStats& stats, const Architecture& arch) {
  const std::string energy = "energy, " + energy_unit_text(arch.energy);
  Table table{.columns = {{"level", Align::left},
                          {"read", Align::right, "words"},
                          {"written", Align::right, "words"},
                          {"", Align::right, energy},
                          {"%", Align::right, energy},
                          {"", Align::right, "cycles"},
                          {"%", Align::right, "cycles"},
                          {"as", Align::left}}};
  const auto cycles = static_cast<double>(stats.cycles.total().count());
  const double all = stats.energy.total().count();
  const auto words = [](std::optional<std::int64_t> count) {
    return count ? grouped(*count) : std::string("-");
  };
  for (const Level& level : levels_of(stats)) {
    const bool timed = level.cycles.has_value();
    const std::int64_t spent = timed ? level.cycles->count() : 0;
    table.rows.push_back({level.name, words(level.read), words(level.written),
                          short_count(level.energy.count()), percent(level.energy.count(), all),
                          timed ? grouped(spent) : "-",
                          timed ? percent(static_cast<double>(spent), cycles) : "-", level.cause});
  }
  table.footer.push_back({"total", "", "", short_count(all), percent(all, all),
                          grouped(stats.cycles.total().count()), percent(cycles, cycles), ""});
  return to_text(table) +
         "array network: words times the PEs that they reach; multipliers, vector unit: "
         "operations\n";
}

std::string totals_text(const MappedLayer& layer, const LayerStats& s, const Architecture& arch) {
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("  {:<9} {}\n", name, value);
  };
  line("cycles",
       fmt::format("{}: {}", grouped(s.cycles.total().count()), shares_of_cycles(s.cycles)));
  line("energy",
       fmt::format("{} {}", short_count(s.energy.total().count()), energy_unit_text(arch.energy)));
  line("DRAM", fmt::format("{} B read, {} B written", grouped(s.bytes.dram_read.count()),
                           grouped(s.bytes.dram_write.count())));
  line("bound", std::string(bound_name(s.roofline.bound)));
  line("mapping",
       layer.fixed ? "as given" : fmt::format("the best of {} tried", grouped(layer.tried)));
  return text;
}

}  // namespace

std::string loop_nest_text(const MappedLayer& layer, const MappingReport& report) {
  const LayerStats stats = stats_of(layer, layer.best.front(), report);
  const TensorShape& out = layer.layer.output_shape;
  return fmt::format("{}: {}, ifmap {}, ofmap {}, {} MACs, dataflow {}\n\n",
                     printable(layer.layer.name), op_text(stats),
                     shape_text(layer.layer.shape.ifmap()), shape_text(out),
                     grouped(stats.macs.count()), stats.dataflow) +
         nest_text(layer, report) + '\n' + levels_text(stats, report.arch) + '\n' +
         totals_text(layer, stats, report.arch);
}

}  // namespace ridgeline::reports
