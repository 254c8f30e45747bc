#include <fmt/format.h>

#include <algorithm>

#include "models/base/text.hpp"
#include "reports/format.hpp"
#include "reports/roofline_report.hpp"

namespace ridgeline::reports {
namespace {

constexpr char kAttained = LogPlot::kCounted, kTheoretical = '+';

Ink ink_of(Roof bound) {
  switch (bound) {
    case Roof::pe_array:
      return Ink::green;
    case Roof::vector_unit:
      return Ink::magenta;
    case Roof::dram:
      return Ink::cyan;
    default:
      return Ink::yellow;
  }
}

const MemoryLevel& level_of(const RooflineAnalysis& analysis, Roof roof) {
  return *std::ranges::find(analysis.levels, roof, &MemoryLevel::roof);
}

/// Layers that have a place at the level.
std::vector<const RooflineLayer*> placed_layers(const RooflineAnalysis& analysis, Roof level) {
  std::vector<const RooflineLayer*> placed;
  for (const RooflineLayer& layer : analysis.layers) {
    if (layer.at(level).macs_per_byte) placed.push_back(&layer);
  }
  return placed;
}

std::string caption(std::string text, const TextStyle& style) {
  return wrapped(text, static_cast<std::size_t>(style.width), "  ") + '\n';
}

}  // namespace

std::string roofline_plot(const RooflineAnalysis& analysis, Roof roof, const TextStyle& style) {
  const MemoryLevel& level = level_of(analysis, roof);
  const double peak = analysis.peak_macs_per_cycle;
  // Some of the slope and some of the flat can always be seen.
  constexpr double kAside = 2, kAbove = 1.25;
  std::vector<double> x{level.ridge_macs_per_byte / kAside, level.ridge_macs_per_byte * kAside};
  std::vector<double> y{peak / kAside};
  const std::vector<const RooflineLayer*> layers = placed_layers(analysis, roof);
  for (const RooflineLayer* layer : layers) {
    x.push_back(*layer->at(roof).macs_per_byte);
    y.push_back(layer->attained_macs_per_cycle);
  }
  const LogRange up{range_of(y).min, peak * kAbove};
  LogPlot plot(style, range_of(x), up, fmt::format("MACs/byte, {}", roof_label(roof)),
               "MACs/cycle");
  plot.curve([&](double at) { return std::min(peak, level.bytes_per_cycle * at); }, Ink::blue);
  for (const RooflineLayer* layer : layers) {
    plot.point(*layer->at(roof).macs_per_byte, layer->roof_macs_per_cycle, kTheoretical,
               Ink::plain);
  }
  for (const RooflineLayer* layer : layers) {
    plot.point(*layer->at(roof).macs_per_byte, layer->attained_macs_per_cycle, kAttained,
               ink_of(layer->bound));
  }
  return plot.to_text() +
         caption(fmt::format("line: lower of {} MACs/cycle and {} bytes/cycle ({}), ridge at {} "
                             "MACs/byte; {} attained by a layer (2-9, #: by several in one place); "
                             "{} its lowest roof",
                             width_text(peak), width_text(level.bytes_per_cycle), roof_label(roof),
                             short_count(level.ridge_macs_per_byte), kAttained, kTheoretical),
                 style);
}

std::string energy_plot(const RooflineAnalysis& analysis, const TextStyle& style) {
  const EnergyRoofline& energy = analysis.energy;
  std::vector<double> x{energy.energy_balance_macs_per_byte}, y;
  const std::vector<const RooflineLayer*> layers = placed_layers(analysis, Roof::dram);
  for (const RooflineLayer* layer : layers) {
    x.push_back(*layer->at(Roof::dram).macs_per_byte);
    y.push_back(layer->energy.macs_per_energy);
  }
  const LogRange along = range_of(x);
  const auto line = [&](double mac) {
    return [&energy, mac](double at) { return arch_line(energy, mac, at); };
  };
  y.push_back(line(energy.multiplier_energy_per_mac)(along.max));
  const std::string unit = energy.unit == "MAC" ? "MAC equivalent" : energy.unit;
  LogPlot plot(style, along, range_of(y), "MACs/byte, DRAM", "MACs/" + unit);
  constexpr int kGap = 3;
  plot.curve(line(energy.multiplier_energy_per_mac), Ink::blue, kGap);
  plot.curve(line(energy.energy_per_mac), Ink::blue);
  for (const RooflineLayer* layer : layers) {
    plot.point(*layer->at(Roof::dram).macs_per_byte, layer->energy.macs_per_energy, kAttained,
               ink_of(layer->bound));
  }
  return plot.to_text() + caption(
                              "line: arch line of the run; dotted: multipliers, DRAM and "
                              "leakage alone; o a layer. " +
                                  energy_roofline_text(analysis),
                              style);
}

}  // namespace ridgeline::reports
