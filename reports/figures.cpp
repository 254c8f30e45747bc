#include "reports/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

#include "models/cost/roofline_analysis.hpp"
#include "reports/format.hpp"
#include "reports/run_text.hpp"

namespace ridgeline::reports {
namespace {

constexpr std::size_t kLineStyles = 8;

/// Layers that have a place under the DRAM roof, by dataflow in the order of their first layer.
struct Series {
  std::string dataflow;
  std::vector<const RooflineLayer*> layers;
};

std::vector<Series> series_of(const RooflineAnalysis& analysis) {
  std::vector<Series> all;
  for (const RooflineLayer& layer : analysis.layers) {
    if (!layer.at(Roof::dram).macs_per_byte || layer.attained_macs_per_cycle <= 0) continue;
    auto found = std::ranges::find(all, layer.dataflow, &Series::dataflow);
    if (found == all.end()) found = all.insert(all.end(), {layer.dataflow, {}});
    found->layers.push_back(&layer);
  }
  return all;
}

/// What an axis shows: powers of two around the values.
struct FigureAxis {
  double from, to;
  explicit FigureAxis(std::span<const double> values)
      : from(std::exp2(std::floor(std::log2(std::ranges::min(values) / 1.2)))),
        to(std::exp2(std::ceil(std::log2(std::ranges::max(values) * 1.2)))) {}
  /// From 0 at the axis's beginning to 1 at its end.
  [[nodiscard]] double place(double value) const {
    return std::log(value / from) / std::log(to / from);
  }
  /// "set xrange [8:512]" and ticks at 1, 2 and 5 times powers of ten.
  [[nodiscard]] std::string text(char axis) const {
    std::string ticks;
    for (double decade = std::pow(10, std::floor(std::log10(from))); decade <= to; decade *= 10) {
      for (const double digit : {1.0, 2.0, 5.0}) {
        const double tick = digit * decade;
        if (tick >= from && tick <= to)
          ticks += fmt::format("{}{:.6g}", ticks.empty() ? "" : ", ", tick);
      }
    }
    return fmt::format("set {0}range [{1:.9g}:{2:.9g}]\nset {0}tics ({3})\n", axis, from, to,
                       ticks);
  }
};

struct RooflineAxes {
  FigureAxis x, y;
};

RooflineAxes axes_of(const RooflineAnalysis& analysis, const std::vector<Series>& all) {
  std::vector<double> x{analysis.levels.front().ridge_macs_per_byte},
      y{analysis.peak_macs_per_cycle};
  for (const Series& series : all) {
    for (const RooflineLayer* layer : series.layers) {
      x.push_back(*layer->at(Roof::dram).macs_per_byte);
      y.push_back(layer->attained_macs_per_cycle);
    }
  }
  return {FigureAxis(x), FigureAxis(y)};
}

/// The layers whose names have room beside the others', those with the most cycles first.
std::vector<const RooflineLayer*> named_layers(const std::vector<Series>& all,
                                               const RooflineAxes& axes) {
  constexpr double kWide = 0.16, kHigh = 0.06;  // of a name, in parts of the axes
  constexpr std::size_t kMost = 8;
  std::vector<const RooflineLayer*> layers, named;
  for (const Series& series : all)
    layers.insert(layers.end(), series.layers.begin(), series.layers.end());
  std::ranges::stable_sort(layers, std::greater(), &RooflineLayer::cycles);
  const auto x = [&](const RooflineLayer* l) {
    return axes.x.place(*l->at(Roof::dram).macs_per_byte);
  };
  const auto y = [&](const RooflineLayer* l) { return axes.y.place(l->attained_macs_per_cycle); };
  const auto apart = [&](const RooflineLayer* a, const RooflineLayer* b) {
    return std::abs(x(a) - x(b)) > kWide || std::abs(y(a) - y(b)) > kHigh;
  };
  // Names stand below their points, where no other point may be.
  const auto uncovered = [&](const RooflineLayer* name, const RooflineLayer* point) {
    const double below = y(name) - y(point);
    return std::abs(x(name) - x(point)) > kWide / 2 || below < kHigh / 2 || below > 1.5 * kHigh;
  };
  for (const RooflineLayer* layer : layers) {
    if (named.size() == kMost) break;
    if (std::ranges::all_of(named, [&](const auto* other) { return apart(layer, other); }) &&
        std::ranges::all_of(layers, [&](const auto* other) { return uncovered(layer, other); }))
      named.push_back(layer);
  }
  return named;
}

std::string roofline_data(const std::vector<Series>& all,
                          const std::vector<const RooflineLayer*>& named) {
  std::string text = "# layer, MACs / DRAM byte, MACs / cycle, its roof there\n";
  const auto put = [&](const RooflineLayer& layer) {
    const LevelPoint& dram = layer.at(Roof::dram);
    text += fmt::format("{} {} {} {}\n", gnuplot_field(layer.name), *dram.macs_per_byte,
                        layer.attained_macs_per_cycle, dram.roof_macs_per_cycle);
  };
  for (const Series& series : all) {
    text += "# " + printable(series.dataflow) + '\n';
    for (const RooflineLayer* layer : series.layers) put(*layer);
    text += "\n\n";
  }
  text += "# layers to be named\n";
  for (const RooflineLayer* layer : named) put(*layer);
  return text;
}

GnuplotFigure roofline_figure(const RunStats& run, const RooflineAnalysis& analysis,
                              std::string_view stem) {
  const std::vector<Series> all = series_of(analysis);
  const RooflineAxes axes = axes_of(analysis, all);
  std::string script = gnuplot_beginning(run.network + " on " + run.arch.name, stem, "roofline") +
                       "set logscale xy\n" + axes.x.text('x') + axes.y.text('y') +
                       fmt::format(
                           "set xlabel 'operational intensity, MACs / DRAM byte'\n"
                           "set ylabel 'MACs / cycle'\n"
                           "set grid xtics ytics lc rgb '#DDDDDD'\n"
                           "set key right bottom\n"
                           "set samples 1000\n"
                           "peak = {:.17g}\n"
                           "bandwidth = {:.17g}  # bytes a cycle\n"
                           "roof(x) = x * bandwidth < peak ? x * bandwidth : peak\n",
                           analysis.peak_macs_per_cycle, analysis.levels.front().bytes_per_cycle);
  script += "plot roof(x) with lines lw 2 lc rgb '#000000' title 'roof'";
  for (std::size_t i = 0; i < all.size(); ++i) {
    script += fmt::format(", \\\n     data index {} using 2:3 with points ls {} ps 1.2 title {}", i,
                          i % kLineStyles + 1, gnuplot_quoted(all[i].dataflow));
  }
  const std::vector<const RooflineLayer*> named = named_layers(all, axes);
  if (!named.empty()) {
    script += fmt::format(
        ", \\\n     data index {} using 2:3:1 with labels noenhanced font ',11' offset 0,-1 "
        "notitle",
        all.size());
  }
  return {.name = "roofline", .data = roofline_data(all, named), .script = script + '\n'};
}

/// A stacked bar a layer. `parts` are names and values of the bars' parts; those that are nothing
/// in every layer are left out.
struct Stack {
  std::string name, unit;
  std::vector<std::string> parts{};
  std::vector<std::vector<double>> values{};  ///< [layer][part]
};

GnuplotFigure stacked_figure(const RunStats& run, const Stack& stack, std::string_view stem) {
  std::string data = "layer";
  for (const std::string& part : stack.parts) data += ' ' + part;
  data += '\n';
  for (std::size_t i = 0; i < run.layers.size(); ++i) {
    data += gnuplot_field(run.layers[i].name);
    for (const double value : stack.values[i]) data += fmt::format(" {}", value);
    data += '\n';
  }
  constexpr std::size_t kMostNames = 40;  // below the bars
  const std::size_t every = std::max<std::size_t>(1, ceil_div(run.layers.size(), kMostNames));
  std::string script =
      gnuplot_beginning(run.network + " on " + run.arch.name, stem, stack.name) +
      fmt::format(
          "set ylabel {}\n"
          "set style data histograms\n"
          "set style histogram rowstacked\n"
          "set style fill solid {}\n"
          "set boxwidth 0.85\n"
          "set grid ytics lc rgb '#DDDDDD'\n"
          "set xtics rotate by 50 right font ',10' noenhanced\n"
          "set format y '%.1s%c'\n"
          "set key outside top center horizontal Left reverse samplen 1.5\n"
          "set yrange [0:*]\n"
          "plot ",
          gnuplot_quoted(stack.unit), every == 1 ? "border lc rgb '#FFFFFF'" : "noborder");
  bool first = true;
  for (std::size_t part = 0; part < stack.parts.size(); ++part) {
    const bool used =
        std::ranges::any_of(stack.values, [&](const auto& v) { return v[part] != 0; });
    if (!used) continue;
    std::string title = stack.parts[part];
    std::ranges::replace(title, '_', ' ');
    script += fmt::format("{}data using {}:xtic(int($0) % {} == 0 ? strcol(1) : '') ls {} title {}",
                          first ? "" : ", \\\n     ", part + 2, every, part % kLineStyles + 1,
                          gnuplot_quoted(title));
    first = false;
  }
  return {.name = stack.name, .data = std::move(data), .script = script + '\n'};
}

template <class Breakdown>
Stack stack_of(const RunStats& run, std::string name, std::string unit,
               Breakdown LayerStats::*member) {
  Stack stack{.name = std::move(name), .unit = std::move(unit)};
  for (const auto& f : Breakdown::fields()) stack.parts.emplace_back(f.name);
  for (const LayerStats& layer : run.layers) {
    stack.values.emplace_back();
    for (const auto& f : Breakdown::fields()) {
      stack.values.back().push_back(static_cast<double>((layer.*member.*f.member).count()));
    }
  }
  return stack;
}

}  // namespace

std::vector<GnuplotFigure> figures(const RunStats& run, std::string_view stem) {
  const RooflineAnalysis analysis = analyse_roofline(run);
  return {roofline_figure(run, analysis, stem),
          stacked_figure(run, stack_of(run, "latency", "cycles", &LayerStats::cycles), stem),
          stacked_figure(run,
                         stack_of(run, "energy", "energy, " + energy_unit_text(run.arch.energy),
                                  &LayerStats::energy),
                         stem)};
}

}  // namespace ridgeline::reports
