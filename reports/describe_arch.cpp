#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/base/grouped.hpp"
#include "reports/describe.hpp"
#include "reports/format.hpp"
#include "reports/run_text.hpp"

namespace ridgeline::reports {
namespace {

/// Lines "name   value unit" under headings.
class Lines {
 public:
  void heading(std::string_view text) { text_ += fmt::format("\n{}\n", text); }
  void put(std::string_view name, std::string_view value, std::string_view unit = "") {
    text_ += fmt::format("  {:<24} {}{}{}\n", name, value, unit.empty() ? "" : " ", unit);
  }
  void put(std::string_view name, std::int64_t value, std::string_view unit) {
    put(name, grouped(value), unit);
  }
  void paragraph(std::string_view text) { text_ += list_item(text); }
  void block(std::string_view lines) { text_ += lines; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string yes_no(bool value) {
  return value ? "yes" : "no";
}

void put_array(Lines& lines, const PeArray& array) {
  lines.heading("PE array");
  lines.put("rows x cols", fmt::format("{} x {}", array.rows, array.cols), "PEs");
  lines.put("fabric", array.fabric == Fabric::broadcast ? "broadcast" : "systolic");
  lines.put("preload", yes_no(array.preload),
            "(the next stationary operand is loaded behind the running pass)");
  lines.put("psums per PE", array.psums_per_pe, "words");
  lines.put("ifmap words per PE", array.ifmap_words_per_pe, "words (rs)");
  lines.put("filter words per PE", array.filter_words_per_pe, "words (rs)");
  lines.put("skip zero weights", yes_no(array.skip_zero_weights), "(os)");
  lines.put("gate zero activations", yes_no(array.gate_zero_activations),
            "(their MACs take a cycle and cost mac_gated)");
  lines.put("shorten edge passes", yes_no(array.shorten_edge_passes),
            "(a pass takes as long as the rows and columns need that it uses)");
}

void put_buffer(Lines& lines, const GlobalBuffer& buffer) {
  lines.heading("Global buffer");
  lines.put("size", buffer.bytes.count(), "B");
  lines.put("banks", buffer.banks, "(an operand takes whole banks)");
  lines.put("double buffer", yes_no(buffer.double_buffer));
  lines.put("ifmap port", buffer.ifmap_words_per_cycle, "words/cycle");
  lines.put("filter port", buffer.filter_words_per_cycle, "words/cycle");
  lines.put("psum in port", buffer.psum_in_words_per_cycle, "words/cycle");
  lines.put("psum out port", buffer.psum_out_words_per_cycle, "words/cycle");
  const auto put_bytes = [&](std::string_view name, Bytes bytes, std::string_view otherwise) {
    if (bytes == Bytes(0)) return lines.put(name, otherwise);
    lines.put(name, bytes.count(), "B");
  };
  put_bytes("filter buffer", buffer.filter_bytes, "shares the global buffer");
  put_bytes("psum word", buffer.psum_word_bytes, "as wide as psums accumulate");
  put_bytes("ifmap of a pass", buffer.ifmap_pass_bytes, "any size (rs)");
  lines.put("ofmaps stay on chip", buffer.keep_ofmap_on_chip ? "where they fit" : "no");
}

void put_energy(Lines& lines, const Architecture& arch) {
  const EnergyTable& table = arch.energy;
  const std::string unit = energy_unit_text(table);
  lines.heading(fmt::format("Energy: table {}, in {}", printable(table.name), unit));
  if (!table.entries.empty()) {
    lines.block(resolved_energies_text(arch));
    return lines.paragraph(table.source);
  }
  const auto put = [&](std::string_view name, double value, std::string_view what) {
    lines.put(name, fmt::format("{}", value), what);
  };
  put("mac", table.mac, "a MAC");
  put("mac_gated", table.mac_gated, "a MAC that is gated, as its activation is zero");
  put("rf", table.rf, "a word read or written in a register file");
  put("noc", table.noc, "a word moved from one PE to the next");
  put("glb", table.glb, "a word read or written in the global buffer");
  put("dram", table.dram, "a word read or written in the DRAM");
  put("vector", table.vector, "an operation of a vector lane");
  put("leakage", table.leakage_per_cycle, "a cycle, of the whole machine");
  lines.paragraph(table.source);
}

}  // namespace

std::string architecture_text(const Architecture& arch) {
  Lines lines;
  lines.put("clock", fmt::format("{}", arch.clock.count() / 1e6), "MHz");
  lines.put("dataflows offered", printable(fmt::format("{}", fmt::join(arch.dataflows, ", "))));
  lines.put("objective", objective_name(arch.objective), "unless a run asks for another");
  put_array(lines, arch.pe_array);
  put_buffer(lines, arch.global_buffer);
  lines.heading("DRAM");
  lines.put("bandwidth", fmt::format("{}", arch.dram.bytes_per_cycle),
            "B/cycle, reads and writes together");
  lines.put("latency", arch.dram.latency.count(), "cycles a request; requests pipeline");
  lines.put("burst", arch.dram.burst_bytes, "B");
  lines.put("feature maps",
            arch.dram.activations == ActivationCoding::plain ? "plain words" : "run-length coded");
  lines.heading("Vector unit");
  lines.put("lanes", arch.vector_unit.lanes, "operations/cycle");
  put_energy(lines, arch);
  lines.heading("Sources");
  for (const std::string& source : arch.source) lines.paragraph(source);
  lines.heading("Assumptions");
  for (const std::string& assumption : arch.assumptions) lines.paragraph(assumption);
  return fmt::format("{}: {}\n\n", printable(arch.name), printable(arch.summary)) + lines.text();
}

}  // namespace ridgeline::reports
