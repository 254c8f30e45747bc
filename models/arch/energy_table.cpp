#include "models/arch/energy_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/arch/technology_scaling.hpp"

namespace ridgeline {
namespace {

constexpr std::string_view kGated = "mac.gated";

/// "rf.filter.read" is below "rf.filter" and "rf", and at itself. A gated MAC is a MAC that does
/// not happen: what holds for "mac" does not hold for it.
bool at_or_below(std::string_view action, std::string_view path) {
  if (!action.starts_with(path)) return false;
  if (action.size() == path.size()) return true;
  return action[path.size()] == '.' && action != kGated;
}

void put_accesses(std::vector<std::string>& actions, const std::string& of) {
  actions.push_back(of);
  actions.push_back(of + ".read");
  actions.push_back(of + ".write");
}

std::vector<std::string> make_actions() {
  std::vector<std::string> actions{"mac", "mac.random", "mac.reused", "mac.gated", "rf"};
  for (const char* operand : {"ifmap", "filter", "psum"}) {
    put_accesses(actions, std::string("rf.") + operand);
  }
  for (const char* hop : {"noc", "noc.ifmap", "noc.filter", "noc.psum", "glb"}) {
    actions.emplace_back(hop);
  }
  for (const char* operand : {"ifmap", "filter", "psum", "ofmap"}) {
    put_accesses(actions, std::string("glb.") + operand);
  }
  put_accesses(actions, "dram");
  actions.emplace_back("vector");
  actions.emplace_back("leakage");
  return actions;
}

std::string text_of(const Technology& technology) {
  std::string text = fmt::format("{} nm", technology.nm);
  if (technology.volts) text += fmt::format(" and {} V", *technology.volts);
  return text;
}

struct Scaler {
  double by;

  /// Within what a table may hold.
  void scale(double& energy) const {
    constexpr double kMost = 1e12;
    energy *= by;
    if (energy > kMost) throw std::invalid_argument("an energy would be beyond 1e12 pJ");
  }
  void operator()(PerAction& form) const { scale(form.energy); }
  void operator()(PerBit& form) const { scale(form.energy); }
  void operator()(PerBitAndMillimetre& form) const { scale(form.energy); }
  void operator()(ByPrecision& form) const {
    for (double* energy : {&form.int8, &form.int16, &form.fp32}) scale(*energy);
  }
  void operator()(SizeCurve& form) const {
    constexpr double kLeast = 1e-12;
    for (auto& point : form.points) {
      scale(point.second);
      if (point.second < kLeast) throw std::invalid_argument("a curve would be below 1e-12 pJ");
    }
  }
  void operator()(Milliwatts& form) const { scale(form.power); }
};

}  // namespace

double SizeCurve::per_bit(Bytes size) const {
  // The segment whose end is the first point beyond the size; the first or last one outside.
  std::size_t end = 1;
  while (end + 1 < points.size() && size > points[end].first) ++end;
  const auto& [x0, y0] = points[end - 1];
  const auto& [x1, y1] = points[end];
  const auto x = static_cast<double>(std::max<std::int64_t>(size.count(), 1));
  const auto a = static_cast<double>(x0.count()), b = static_cast<double>(x1.count());
  double energy = 0;
  if (between == Between::linear) {
    energy = std::max(0.0, y0 + (y1 - y0) * (x - a) / (b - a));
  } else {
    energy = y0 * std::pow(x / a, std::log(y1 / y0) / std::log(b / a));
  }
  // The points themselves, without rounding.
  if (x == a) energy = y0;
  if (x == b) energy = y1;
  return energy / bits;
}

const std::vector<std::string>& energy_actions() {
  static const std::vector<std::string> actions = make_actions();
  return actions;
}

const EnergyEntry* entry_for(const EnergyTable& table, std::string_view action) {
  const EnergyEntry* nearest = nullptr;
  for (const EnergyEntry& entry : table.entries) {
    if (!at_or_below(action, entry.action)) continue;
    if (nearest == nullptr || entry.action.size() > nearest->action.size()) nearest = &entry;
  }
  return nearest;
}

EnergyTable scaled_to(const EnergyTable& table, const Technology& technology) {
  if (table.unit != "pJ") throw std::invalid_argument("it is relative to a MAC, without a unit");
  if (!table.technology) throw std::invalid_argument("it does not say what technology it is of");
  EnergyTable scaled = table;
  const double by = energy_ratio(*table.technology, technology);
  for (double* energy : {&scaled.mac, &scaled.mac_gated, &scaled.rf, &scaled.noc, &scaled.glb,
                         &scaled.vector, &scaled.leakage_per_cycle}) {
    Scaler{by}.scale(*energy);
  }
  for (EnergyEntry& entry : scaled.entries) {
    if (at_or_below(entry.action, "dram")) continue;
    const double ratio = entry.technology ? energy_ratio(*entry.technology, technology) : by;
    std::visit(Scaler{ratio}, entry.form);
    entry.technology.reset();
  }
  scaled.technology = technology;
  scaled.areas.clear();
  scaled.source = fmt::format(
      "{} scaled from {} to {} by Stillmaker and Baas, Integration 58, 2017, but for DRAM",
      table.name, text_of(*table.technology), text_of(technology));
  return scaled;
}

}  // namespace ridgeline
