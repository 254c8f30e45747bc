#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/sweep/permutation.hpp"
#include "models/sweep/sweep_spec.hpp"

/// The points of a sweep, numbered. Nothing here grows with their number but the values that a
/// Latin hypercube has met (16 bytes a point).
namespace ridgeline {

/// Combinations of all axes. @throws InputError beyond 2^62
[[nodiscard]] std::uint64_t combinations(const SweepSpec& spec);

/// Walks the candidates of a sweep: numbers, some of which are no points as constraints rule them
/// out. Going from one to a near one is cheap. Not for several threads: copy it.
class PointWalker {
 public:
  /// Refers to the specification.
  explicit PointWalker(const SweepSpec& spec);

  /// How many candidates there can be: all combinations, or the samples of a Latin hypercube.
  [[nodiscard]] std::uint64_t candidates() const { return candidates_; }
  /// Goes to a candidate. @return whether it is a point
  bool go_to(std::uint64_t candidate);
  /// Where it is, resolved.
  [[nodiscard]] const SweepPoint& point() const { return point_; }
  /// Which value of each axis it has.
  [[nodiscard]] const std::vector<std::size_t>& indices() const { return indices_; }
  /// Why the point can have no result: a derived field has no value that the field allows. Empty
  /// if it can.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// Number of the first constraint that the candidate does not meet, or constraints.size().
  [[nodiscard]] std::size_t failed_constraint() const { return failed_; }

 private:
  void find_indices(std::uint64_t candidate);
  /// The number of the combination that indices() are.
  [[nodiscard]] std::uint64_t combination() const;
  [[nodiscard]] double value_of(const Expression& expression) const;
  void apply_changes(const std::vector<std::size_t>& before);
  void derive_fields();

  const SweepSpec* spec_;
  std::uint64_t candidates_ = 0;
  std::vector<Permutation> permutations_;  ///< of the combinations, or of the strata of each axis
  /// Of a Latin hypercube: combination and sample, sorted.
  std::shared_ptr<const std::vector<std::pair<std::uint64_t, std::uint64_t>>> met_;
  std::vector<std::size_t> indices_;
  SweepPoint point_;
  std::string problem_;
  std::size_t failed_ = 0;
  bool fresh_ = true;  ///< point_ is the base, without any axis
};

/// How large a sweep is.
struct SweepSize {
  std::uint64_t combinations = 0;
  std::uint64_t candidates = 0;  ///< the first so many contain every point
  std::uint64_t points = 0;
  bool exact = true;  ///< points were counted; else estimated from a sample of candidates
};
/// @throws InputError if no candidate meets the constraints, naming the one that rules most out, or
/// if a random sample cannot find as many as it is to have.
[[nodiscard]] SweepSize size_of(const SweepSpec& spec, const std::string& file);

}  // namespace ridgeline
