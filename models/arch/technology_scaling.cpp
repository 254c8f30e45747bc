#include "models/arch/technology_scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ridgeline {
namespace {

struct Node {
  double nm;
  EnergyPolynomial energy;
};
constexpr std::array<Node, 10> kNodes{{{130, {7.171, -6.709, 2.904}},
                                       {90, {4.762, -4.781, 2.092}},
                                       {65, {3.755, -4.398, 1.975}},
                                       {45, {1.103, -0.362, 0.2767}},
                                       {32, {0.9559, -0.7823, 0.471}},
                                       {20, {0.373, -0.1582, 0.04104}},
                                       {16, {0.2958, -0.1241, 0.03024}},
                                       {14, {0.2363, -0.09675, 0.02239}},
                                       {10, {0.2068, -0.09311, 0.02375}},
                                       {7, {0.1776, -0.09097, 0.02447}}}};
constexpr double kLeastVolts = 0.5, kMostVolts = 1.3;

double energy_factor(const Technology& technology) {
  const double nm = technology.nm;
  if (nm > kNodes.front().nm || nm < kNodes.back().nm) {
    throw std::invalid_argument(fmt::format("{} nm is beyond the scaling equations' {} to {} nm",
                                            nm, kNodes.front().nm, kNodes.back().nm));
  }
  if (!technology.volts) throw std::invalid_argument("its voltage is not known");
  const double volts = *technology.volts;
  if (volts < kLeastVolts || volts > kMostVolts) {
    throw std::invalid_argument(fmt::format("{} V is beyond the scaling equations' {} to {} V",
                                            volts, kLeastVolts, kMostVolts));
  }
  // The first node that is not larger, and the one before it.
  const auto below = std::ranges::find_if(kNodes, [&](const Node& node) { return node.nm <= nm; });
  if (below->nm == nm) return below->energy.at(volts);
  const Node& above = *std::prev(below);
  const double share = (nm - below->nm) / (above.nm - below->nm);
  return below->energy.at(volts) * (1 - share) + above.energy.at(volts) * share;
}

}  // namespace

double energy_ratio(const Technology& from, const Technology& to) {
  return energy_factor(to) / energy_factor(from);
}

}  // namespace ridgeline
