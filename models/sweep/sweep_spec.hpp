#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/base/expression.hpp"
#include "models/base/source_text.hpp"
#include "models/sweep/metric.hpp"
#include "models/sweep/setting.hpp"

/// A sweep as its author specified it (schema ridgeline.sweep/1,
/// arch_configs/schema/sweep.schema.json): a base, axes along which it varies, constraints, how
/// many of the combinations to take, and what to do with the results. Every value has been checked.
namespace ridgeline {

/// Values that change together: with index i, each setting has its value number i.
struct SweepAxis {
  std::string name{};               ///< the first setting's key if it has none
  std::vector<Setting> settings{};  ///< at least one, all with as many values

  [[nodiscard]] std::size_t size() const { return settings.front().values.size(); }
};

/// A field of the architecture that follows from others: the vector unit's lanes from the columns.
struct DerivedField {
  std::string path{};  ///< without "arch."
  Expression expression;
  JsonValue place{};  ///< for messages: the expression's text in the file
  std::string pointer{};
};

enum class Sampling {
  grid,            ///< every combination
  random,          ///< so many, without repetition
  latin_hypercube  ///< so many, the values of each axis equally often
};

struct SweepSpec {
  std::string name{};  ///< the stem of the file's name
  std::string summary{};
  SweepPoint base{};
  bool analytic = true;  ///< the engine; else simulation
  std::vector<SweepAxis> axes{};
  std::vector<DerivedField> derived{};
  std::vector<Expression> constraints{};  ///< each must be true
  Sampling sampling = Sampling::grid;
  std::uint64_t sample_points = 0;  ///< unless it is a grid
  std::uint64_t sample_seed = 1;
  std::vector<Metric> front{Metric::latency, Metric::energy};  ///< two or three
  int confirm = 5;  ///< how many of the best by the first metric are simulated and reported in full
  bool layers = true;  ///< keep what each layer costs
  /// Of everything that decides results: base, axes, files that are named.
  std::uint64_t digest = 0;
};

/// The unit of energy of every architecture of the sweep, or "mixed".
[[nodiscard]] std::string energy_unit_of(const SweepSpec& spec);
/// Hash of a point with everything that decides its figures, but for what files of networks hold.
[[nodiscard]] std::uint64_t key_of(const SweepPoint& point);
/// SweepSpec::digest.
[[nodiscard]] std::uint64_t digest_of(const SweepSpec& spec, const SweepLookup& lookup);

/// @throws InputError naming file and place
[[nodiscard]] SweepSpec parse_sweep_spec(const SourceText& source, const SweepLookup& lookup);

}  // namespace ridgeline
