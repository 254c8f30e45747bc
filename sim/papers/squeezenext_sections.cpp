#include "sim/papers/squeezenext_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/network/zoo/zoo.hpp"
#include "reports/utilization_plot.hpp"
#include "sim/papers/block_sweep.hpp"

namespace ridgeline::papers {
namespace {

using reports::Section;

constexpr Blocks kV1Blocks{6, 6, 8, 1}, kV5Blocks{2, 4, 14, 1};
constexpr int kBlocks = 21;

/// Where each part of a SqueezeNext begins in the array's layers: a stage has five convolutions a
/// block and its projection.
std::vector<reports::UtilizationMark> parts_of(const Blocks& blocks) {
  std::vector<reports::UtilizationMark> parts{{0, "conv1"}};
  std::size_t next = 1;
  for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
    parts.push_back({next, fmt::format("stage {}", stage + 1)});
    next += static_cast<std::size_t>(5 * blocks[stage] + 1);
  }
  parts.push_back({next, "end"});
  return parts;
}

/// The sum of a part's layers.
LayerStats part_total(const RunStats& run, const std::vector<reports::UtilizationMark>& parts,
                      std::size_t part) {
  RunStats some = run;
  const std::size_t end = part + 1 < parts.size() ? parts[part + 1].layer : run.layers.size();
  some.layers.assign(run.layers.begin() + static_cast<std::ptrdiff_t>(parts[part].layer),
                     run.layers.begin() + static_cast<std::ptrdiff_t>(end));
  return total_of(some);
}

double cycles_of(const LayerStats& total) {
  return static_cast<double>(total.cycles.total().count());
}

void put_plot(reports::Reproduction& study, const RunStats& run, const char* name,
              const Blocks& blocks) {
  const auto parts = parts_of(blocks);
  const LayerStats all = total_of(run);
  Section section{
      .title = fmt::format("Utilisation of the PEs over the {:.3f} M cycles of {} ({}) on 16x16: "
                           "{:.1f} % in the mean; areas are executed MACs",
                           cycles_of(all) / 1e6, name, blocks_text(blocks), 100 * all.utilization),
      .drawing = reports::utilization_plot(run, parts, {}),
      .columns = {"part", "layers", "MACs, %", "cycles, %", "utilisation, %"}};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const LayerStats part = part_total(run, parts, i);
    const std::size_t end = i + 1 < parts.size() ? parts[i + 1].layer : run.layers.size();
    const auto percent = [](double some, double whole) {
      return Section::Number{100 * some / whole, 1};
    };
    section.rows.push_back(
        {parts[i].text, Section::Number{static_cast<double>(end - parts[i].layer)},
         percent(static_cast<double>(part.macs.count()), static_cast<double>(all.macs.count())),
         percent(cycles_of(part), cycles_of(all)), Section::Number{100 * part.utilization, 1}});
  }
  study.sections.push_back(std::move(section));
}

}  // namespace

void put_utilization(reports::Reproduction& study, RunStats v1, RunStats v5) {
  put_plot(study, v1, "1.0-SqNxt-23", kV1Blocks);
  put_plot(study, v5, "1.0-SqNxt-23v5", kV5Blocks);
  study.drawings.push_back(reports::utilization_figure({std::move(v1), std::move(v5)},
                                                       "SqueezeNext on 16x16 PEs", "squeezenext"));
}

namespace {

std::vector<Section::Cell> point_row(const std::string& name, const BlockPoint& point,
                                     const BlockPoint& v5) {
  return {name, Section::Number{point.cycles / v5.cycles, 3},
          Section::Number{point.energy / v5.energy, 3}, Section::Number{point.weights / 1e3}};
}

Section front_section(const std::vector<BlockPoint>& points, const std::vector<std::size_t>& front,
                      const BlockPoint& v5) {
  Section section{
      .title = fmt::format(
          "The front over time, energy and weights of {} ways to share {} blocks (conv1 5x5, style "
          "B, no more weights than SqueezeNet v1.0): {} that none of the others betters",
          points.size(), kBlocks, front.size()),
      .columns = {"blocks", "time / v5", "energy / v5", "k weights"}};
  for (const std::size_t i : front)
    section.rows.push_back(point_row(blocks_text(points[i].blocks), points[i], v5));
  return section;
}

Section versions_section(BlockMeter& meter, const std::vector<BlockPoint>& points,
                         const std::vector<std::size_t>& front, const BlockPoint& v5) {
  Section section{.title =
                      "Where the versions lie: \"behind\" is the part by which all three costs "
                      "would have to fall to reach the front",
                  .columns = {"version", "blocks", "time / v5", "energy / v5", "k weights",
                              "behind, %", "bettered by", "its time", "its energy", "k weights"}};
  constexpr std::pair<const char*, Blocks> kVersions[] = {{"", kV1Blocks},
                                                          {"v2", {6, 6, 8, 1}},
                                                          {"v3", {4, 8, 8, 1}},
                                                          {"v4", {2, 10, 8, 1}},
                                                          {"v5", kV5Blocks}};
  for (const auto& [version, blocks] : kVersions) {
    const BlockPoint point =
        meter.measure(zoo::make(std::string("squeezenext_1.0_23") + version), blocks);
    const Distance distance = distance_to(points, front, point);
    auto row = point_row(*version == '\0' ? "v1" : version, point, v5);
    row.insert(row.begin() + 1, blocks_text(blocks));
    const BlockPoint& better = points[distance.to];
    if (distance.dominated) {
      row.emplace_back(Section::Number{100 * distance.part, 1});
      for (Section::Cell& cell : point_row(blocks_text(better.blocks), better, v5))
        row.push_back(std::move(cell));
    } else {
      row.insert(row.end(), {Section::Number{}, "none", "", "", ""});
    }
    section.rows.push_back(std::move(row));
  }
  return section;
}

}  // namespace

void put_block_sweep(reports::Reproduction& study, const Architecture& arch) {
  BlockMeter meter(arch);
  const std::vector<BlockPoint> points = sweep_blocks(meter, kBlocks);
  const std::vector<std::size_t> front = front_of(points);
  const BlockPoint v5 = meter.measure(zoo::make("squeezenext_1.0_23v5"), kV5Blocks);
  study.sections.push_back(versions_section(meter, points, front, v5));
  study.sections.push_back(front_section(points, front, v5));
  study.notes.emplace_back(
      "blocks: every way that leaves each stage one, no more weights than SqueezeNet v1.0, by the "
      "analytic engine. Accuracy is not modelled: weights stand against time and energy, because "
      "blocks of late stages are the fast ones and have the most. v1 is of style A with conv1 7x7");
}

}  // namespace ridgeline::papers
