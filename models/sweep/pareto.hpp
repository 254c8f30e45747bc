#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// Pareto fronts: the points than which no other is better in one cost and no worse in all others.
/// Costs are the smaller the better and not NaN.
namespace ridgeline {

/// Whether `a` is no worse than `b` in every cost and better in one.
[[nodiscard]] bool dominates(std::span<const double> a, std::span<const double> b);

/// Keeps the front of the points that it has seen, and nothing of others. Points of equal costs are
/// all on it, or none is. Adding one takes time in proportion to the front's length.
class ParetoFront {
 public:
  struct Member {
    std::size_t id = 0;
    std::vector<double> costs{};
  };
  void add(std::size_t id, std::vector<double> costs);
  /// In the order in which they came.
  [[nodiscard]] const std::vector<Member>& members() const { return members_; }

 private:
  std::vector<Member> members_;
};

/// Indices, ascending, of the points on the front of `costs`: one vector a point, all of one
/// length.
[[nodiscard]] std::vector<std::size_t> pareto_front(std::span<const std::vector<double>> costs);

}  // namespace ridgeline
