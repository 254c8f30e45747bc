#include <algorithm>

#include "models/base/error.hpp"
#include "models/sweep/sweep_plan.hpp"
#include "tests/fuzz/target.hpp"

/// Specifications of sweeps, whose architecture is a plain one and whose networks are names.
void ridgeline::fuzzing::fuzz(const SourceText& source) {
  const auto nothing = [](const std::string& name) -> SourceText {
    throw InputError({.what = name + " is unknown"});
  };
  const SweepLookup lookup{.architecture =
                               [](const std::string& name) {
                                 return Architecture{.name = name, .dataflows = {"ws", "os"}};
                               },
                           .network = [](const std::string& name) { return name.size(); },
                           .fields = {.architecture = {}, .energy_table = nothing}};
  const SweepSpec spec = parse_sweep_spec(source, lookup);
  constexpr std::uint64_t kMostSamples = 1000;
  if (spec.sampling == Sampling::latin_hypercube && spec.sample_points > kMostSamples) return;
  PointWalker walker(spec);
  const std::uint64_t last = walker.candidates() - 1;
  for (const std::uint64_t candidate : {std::uint64_t{0}, last / 2, last}) {
    const bool is_point = walker.go_to(candidate);
    // The same from elsewhere.
    const std::uint64_t key = key_of(walker.point());
    (void)walker.go_to(last - candidate);
    require(walker.go_to(candidate) == is_point);
    require(key_of(walker.point()) == key);
  }
}
