#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "sim/cli/configs.hpp"
#include "sim/papers/papers.hpp"
#include "sim/papers/squeezenext_sections.hpp"
#include "sim/papers/study.hpp"

/// The simulated time and energy of SqueezeNext's paper (Gholami et al., 2018). Its abstract has
/// the four ratios that are judged; the rest of its table is recalled.
namespace ridgeline::papers {
namespace {

using reports::Figure;
using reports::Reproduction;
using reports::Tolerance;

/// A row of the table on one array: time in that of 1.0-SqNxt-23v5, energy in 10^8 MACs' energy.
struct Recalled {
  double time = 0, energy = 0;  ///< 0 where nothing is recalled
};
struct Row {
  const char* name;     ///< as the paper has it
  const char* network;  ///< in the zoo
  Recalled large, small;
};

/// Its SqueezeNet v1.0 has 837 M MACs, which a conv10 without padding gives, and v1.1 352 M, at
/// 224.
constexpr Row kRows[] = {
    {"AlexNet", "alexnet", {8.26, 15}, {5.46, 16}},
    {"SqueezeNet v1.0", "squeezenet:conv10_pad=0", {2.59, 4.5}, {3.42, 6.7}},
    {"SqueezeNet v1.1", "squeezenet:version=1.1,input=224", {1.31, 2.4}, {1.60, 3.3}},
    {"Tiny Darknet", "tiny_darknet", {1.50, 2.5}, {1.92, 3.8}},
    {"MobileNet", "mobilenet_v1", {2.60, 5.8}, {2.94, 9.1}},
    {"1.0-SqNxt-23", "squeezenext_1.0_23", {1.22, 2.5}, {1.17, 3.2}},
    {"1.0-SqNxt-23v2", "squeezenext_1.0_23v2", {1.13, 2.4}, {1.00, 2.8}},
    {"1.0-SqNxt-23v3", "squeezenext_1.0_23v3", {1.10, 2.3}, {1.00, 2.7}},
    {"1.0-SqNxt-23v4", "squeezenext_1.0_23v4", {1.02, 2.2}, {1.00, 2.6}},
    {"1.0-SqNxt-23v5", "squeezenext_1.0_23v5", {1.00, 2.0}, {1.00, 2.6}},
    {"2.0-SqNxt-23", "squeezenext_2.0_23", {}, {}},
    {"2.0-SqNxt-23v5", "squeezenext_2.0_23v5", {}, {}}};
constexpr std::size_t kV1 = 5, kV5 = 9;
/// In the paper's abstract: how much faster v5 is than AlexNet and SqueezeNet, and how much less
/// energy it takes.
constexpr Recalled kAbstract[] = {{8.26, 7.5}, {2.59, 2.25}};
constexpr Tolerance kTenPercent{.relative = 0.10};

/// One machine's runs of all rows.
struct Runs {
  const char* array;
  Recalled Row::*recalled;
  std::vector<RunStats> whole{};     ///< every layer
  std::vector<LayerStats> totals{};  ///< of the layers on the array
};

Runs simulate_all(const char* array, const char* arch_name, Recalled Row::*recalled) {
  Runs runs{.array = array, .recalled = recalled};
  const Architecture arch = cli::load_architecture(arch_name);
  for (const Row& row : kRows) {
    RunStats run = sim::run_without_data(arch, study_network(row.network), Precision::int16, 1,
                                         {.savings = false});
    runs.totals.push_back(total_of(on_the_array(run)));
    runs.whole.push_back(std::move(run));
  }
  return runs;
}

double cycles_of(const LayerStats& total) {
  return static_cast<double>(total.cycles.total().count());
}
double energy_of(const LayerStats& total) {
  return total.energy.total().count();
}
/// The row's in those of v5.
double times_v5(const Runs& runs, std::size_t row, double (*of)(const LayerStats&)) {
  return of(runs.totals[row]) / of(runs.totals[kV5]);
}

void put_figures(std::vector<Figure>& figures, const Runs& runs, bool judged) {
  const Recalled v5 = kRows[kV5].*runs.recalled;
  for (std::size_t i = 0; i < kV5; ++i) {
    const Recalled recalled = kRows[i].*runs.recalled;
    const bool in_abstract = judged && i < std::size(kAbstract);
    const auto put = [&](const char* what, double published, double ours) {
      figures.push_back({.what = {runs.array, kRows[i].name, what},
                         .published = published,
                         .ours = ours,
                         .tolerance = in_abstract ? std::optional(kTenPercent) : std::nullopt,
                         .recalled = !in_abstract});
    };
    put("time / v5", in_abstract ? kAbstract[i].time : recalled.time,
        times_v5(runs, i, &cycles_of));
    put("energy / v5", in_abstract ? kAbstract[i].energy : recalled.energy / v5.energy,
        times_v5(runs, i, &energy_of));
  }
}

/// How many of v1 > v2 > v3 > v4 > v5 hold in time.
double steps_in_order(const Runs& runs) {
  int steps = 0;
  for (std::size_t i = kV1; i < kV5; ++i)
    steps += runs.totals[i].cycles.total() > runs.totals[i + 1].cycles.total() ? 1 : 0;
  return steps;
}

/// With and without the layers of the vector unit, on both machines.
reports::Section all_networks(const Runs& large, const Runs& small) {
  reports::Section section{
      .title =
          "All networks: cycles and ratios to v5, of the array's layers and of all (pools, LRN, "
          "additions that are layers of their own)",
      .columns = {"network", "M MACs", "16x16, M cycles", "time", "energy", "time, all",
                  "energy, all", "8x8, M cycles", "time", "energy"}};
  using Number = reports::Section::Number;
  const LayerStats v5 = total_of(large.whole[kV5]);
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    const LayerStats all = total_of(large.whole[i]);
    section.rows.push_back(
        {kRows[i].name, Number{static_cast<double>(all.macs.count()) / 1e6, 0},
         Number{cycles_of(large.totals[i]) / 1e6, 3}, Number{times_v5(large, i, &cycles_of), 2},
         Number{times_v5(large, i, &energy_of), 2}, Number{cycles_of(all) / cycles_of(v5), 2},
         Number{energy_of(all) / energy_of(v5), 2}, Number{cycles_of(small.totals[i]) / 1e6, 3},
         Number{times_v5(small, i, &cycles_of), 2}, Number{times_v5(small, i, &energy_of), 2}});
  }
  return section;
}

Reproduction figures() {
  Reproduction result{
      .name = {},
      .title = {},
      .source =
          "Gholami et al., SqueezeNext, CVPR Workshops 2018, arXiv:1803.10615: the ratios to "
          "SqueezeNet and AlexNet of its abstract; the rest of its table is recalled",
      .columns = {"array", "network", "quantity"},
      .figures = {},
      .notes = {
          "one architecture file for each array, squeezenext_study_16x16 and _8x8, int16, no knob "
          "for a network; SystemC simulation without data; what is assumed: docs/model.md, "
          "\"SqueezeNext's study\"",
          "recalled: quoted from memory, not judged; energies with two digits",
          "40 % of all weights are taken for zero, which output stationary skips (recalled); time "
          "and energy are those of convolutions and fully connected layers",
          "SqueezeNet v1.0 with conv10 unpadded and v1.1 at 224 x 224, which give the paper's 837 "
          "and 352 M MACs; v2 to v4 have no official file (blocks recalled)"}};
  const Runs large = simulate_all("16x16, 128 KiB", "squeezenext_study_16x16", &Row::large);
  const Runs small = simulate_all("8x8, 32 KiB", "squeezenext_study_8x8", &Row::small);
  put_figures(result.figures, large, true);
  result.figures.push_back(
      {.what = {large.array, "v1 > v2 > v3 > v4 > v5", "steps in order of time"},
       .published = 4,
       .ours = steps_in_order(large),
       .tolerance = Tolerance()});
  put_figures(result.figures, small, false);
  result.sections.push_back(all_networks(large, small));
  put_utilization(result, on_the_array(large.whole[kV1]), on_the_array(large.whole[kV5]));
  put_block_sweep(result, large.whole[kV5].arch);
  return result;
}

}  // namespace

Paper squeezenext() {
  return {"squeezenext", "Time and energy of SqueezeNext and seven other networks", &figures};
}

}  // namespace ridgeline::papers
