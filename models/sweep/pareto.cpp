#include "models/sweep/pareto.hpp"

#include <algorithm>

namespace ridgeline {

bool dominates(std::span<const double> a, std::span<const double> b) {
  bool better = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
    better = better || a[i] < b[i];
  }
  return better;
}

void ParetoFront::add(std::size_t id, std::vector<double> costs) {
  const auto beats = [&](const Member& member) { return dominates(member.costs, costs); };
  if (std::ranges::any_of(members_, beats)) return;
  std::erase_if(members_, [&](const Member& member) { return dominates(costs, member.costs); });
  members_.push_back({id, std::move(costs)});
}

std::vector<std::size_t> pareto_front(std::span<const std::vector<double>> costs) {
  ParetoFront front;
  for (std::size_t i = 0; i < costs.size(); ++i) front.add(i, costs[i]);
  std::vector<std::size_t> ids;
  for (const ParetoFront::Member& member : front.members()) ids.push_back(member.id);
  return ids;
}

}  // namespace ridgeline
