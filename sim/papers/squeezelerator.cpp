#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/cli/configs.hpp"
#include "sim/papers/papers.hpp"
#include "sim/papers/study.hpp"

/// The Squeezelerator (Kwon et al., DAC 2018): what choosing between weight and output stationary
/// layer by layer is worth. All of its figures are recalled.
namespace ridgeline::papers {
namespace {

using reports::Figure;
using reports::Reproduction;
using reports::Section;
using reports::Tolerance;

/// The hybrid against one dataflow for all layers: times faster, and per cent of energy saved; 0
/// where nothing is recalled.
struct Row {
  const char* name;
  const char* network;  ///< in the zoo, as for SqueezeNext's study
  double faster_than_os, faster_than_ws, saves_of_os, saves_of_ws;
};
/// Its "SqueezeNext" has the shares of MACs by kind of 2.0-SqNxt-23.
constexpr Row kRows[] = {{"AlexNet", "alexnet", 1.00, 1.19, 0, 0},
                         {"1.0 MobileNet-224", "mobilenet_v1", 1.91, 6.35, 0, 0},
                         {"Tiny Darknet", "tiny_darknet", 1.14, 1.32, 0, 0},
                         {"SqueezeNet v1.0", "squeezenet:conv10_pad=0", 1.26, 2.06, 6, 23},
                         {"SqueezeNet v1.1", "squeezenet:version=1.1,input=224", 1.34, 1.18, 8, 9},
                         {"SqueezeNext", "squeezenext_2.0_23", 1.26, 2.44, 0, 0}};

enum class Kind { first, pointwise, depthwise, other };

/// Of the run's layer `i`.
Kind kind_of(const RunStats& run, std::size_t i) {
  const ConvShape& shape = run.layers[i].shape;
  if (i == 0) return Kind::first;
  if (shape.G > 1 && shape.G == shape.C) return Kind::depthwise;
  return shape.R() == 1 && shape.S() == 1 ? Kind::pointwise : Kind::other;
}

/// The same convolutions with each dataflow.
struct Runs {
  RunStats hybrid, os, ws;
};

Runs run_network(const Architecture& arch, const char* network, double zeros) {
  const LoweredNetwork lowered = study_network(network, zeros);
  const auto run = [&](const char* dataflow) {
    RunStats stats = on_the_array(sim::run_without_data(arch, lowered, Precision::int16, 1,
                                                        {.dataflow = dataflow, .savings = false}));
    std::erase_if(stats.layers, [](const LayerStats& layer) { return layer.op != "conv"; });
    return stats;
  };
  return {run("auto"), run("os"), run("ws")};
}

/// Layers of a kind, and how many of them `better` runs in fewer cycles than `worse`.
struct Preference {
  int layers = 0, prefer = 0;
  double least = 0, most = 0;  ///< worse's cycles over better's
};
Preference preference(const RunStats& better, const RunStats& worse, Kind kind) {
  Preference found;
  for (std::size_t i = 0; i < better.layers.size(); ++i) {
    if (kind_of(better, i) != kind) continue;
    const auto cycles = [&](const RunStats& run) {
      return static_cast<double>(run.layers[i].cycles.total().count());
    };
    const double ratio = cycles(worse) / cycles(better);
    found.least = found.layers == 0 ? ratio : std::min(found.least, ratio);
    found.most = std::max(found.most, ratio);
    ++found.layers;
    if (ratio > 1) ++found.prefer;
  }
  return found;
}

void put_hybrid(std::vector<Figure>& figures, const Row& row, const Runs& runs) {
  const LayerStats hybrid = total_of(runs.hybrid), os = total_of(runs.os), ws = total_of(runs.ws);
  const auto put = [&](const char* what, double published, double ours) {
    if (published == 0) return;
    figures.push_back({.what = {row.name, what},
                       .published = published,
                       .ours = ours,
                       .tolerance = {},
                       .recalled = true});
  };
  const auto cycles = [](const LayerStats& total) {
    return static_cast<double>(total.cycles.total().count());
  };
  const auto saved = [&](const LayerStats& total) {
    return 100 * (1 - hybrid.energy.total().count() / total.energy.total().count());
  };
  put("hybrid faster than os, times", row.faster_than_os, cycles(os) / cycles(hybrid));
  put("hybrid faster than ws, times", row.faster_than_ws, cycles(ws) / cycles(hybrid));
  put("energy saved of os, %", row.saves_of_os, saved(os));
  put("energy saved of ws, %", row.saves_of_ws, saved(ws));
}

struct Claim {
  const char* what;
  const char* recalled;  ///< the paper's range, as recalled
  Kind kind;
  RunStats Runs::*better;
  RunStats Runs::*worse;
};
constexpr Claim kClaims[] = {
    {"1x1 layers that prefer ws", "1.4 to 7.0", Kind::pointwise, &Runs::ws, &Runs::os},
    {"first layers that prefer os", "1.6 to 6.3", Kind::first, &Runs::os, &Runs::ws},
    {"depthwise layers that prefer os", "19 to 96", Kind::depthwise, &Runs::os, &Runs::ws}};

/// All layers of a kind must prefer their dataflow where every weight counts.
void put_preferences(Reproduction& study, const Row& row, const Runs& dense, const Runs& sparse,
                     Section& section) {
  for (const Claim& claim : kClaims) {
    const Preference all = preference(dense.*claim.better, dense.*claim.worse, claim.kind);
    if (all.layers == 0) continue;
    study.figures.push_back({.what = {row.name, claim.what},
                             .published = static_cast<double>(all.layers),
                             .ours = static_cast<double>(all.prefer),
                             .tolerance = Tolerance()});
    const Preference some = preference(sparse.*claim.better, sparse.*claim.worse, claim.kind);
    const auto range = [](const Preference& p) {
      return fmt::format("{:.2f} to {:.2f}", p.least, p.most);
    };
    section.rows.push_back({row.name, claim.what, fmt::format("{} of {}", all.prefer, all.layers),
                            range(all), fmt::format("{} of {}", some.prefer, some.layers),
                            range(some), claim.recalled});
  }
}

Reproduction figures() {
  Reproduction study{
      .name = {},
      .title = {},
      .source =
          "Kwon et al., Co-Design of Deep Neural Nets and Neural Net Accelerators, DAC 2018, "
          "arXiv:1804.10642; all of its figures are recalled",
      .columns = {"network", "quantity"},
      .figures = {},
      .notes = {
          "squeezelerator_32x32 (32 x 32 PEs, 128 KiB), int16, SystemC simulation without data; "
          "the "
          "hybrid takes the faster dataflow for each layer; convolutions only, of which the paper "
          "gives the shares",
          "recalled: quoted from memory, not judged; so is that output stationary skips 40 % of "
          "the "
          "weights, which are zero",
          "layers that prefer a dataflow take fewer cycles with it when every weight counts; the "
          "published figure is all of them"}};
  Section section{.title = "How many times faster layers are with the dataflow that they prefer",
                  .columns = {"network", "layers", "no zero weights", "times", "40 % zeros",
                              "times", "recalled"}};
  const Architecture arch = cli::load_architecture("squeezelerator_32x32");
  for (const Row& row : kRows) {
    const Runs sparse = run_network(arch, row.network, kZeroWeights);
    put_hybrid(study.figures, row, sparse);
    put_preferences(study, row, run_network(arch, row.network, 0), sparse, section);
  }
  study.sections.push_back(std::move(section));
  return study;
}

}  // namespace

Paper squeezelerator() {
  return {"squeezelerator", "A dataflow for each layer against one for all, on the Squeezelerator",
          &figures};
}

}  // namespace ridgeline::papers
