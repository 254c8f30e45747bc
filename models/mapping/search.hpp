#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "models/cost/analytic.hpp"
#include "models/mapping/mapping.hpp"

/// The mapping search: tile extents and tile orders of a layer, judged by the analytic engine.
///
/// Where a layer has few enough tile extents all of them are tried, so that the result is the best
/// there is. Otherwise dimensions are cut into nearly equal parts, in whole multiples of what the
/// array takes at once, and of the areas and filter tiles that fit only the largest are tried:
/// smaller ones move the other operand more often. Parts need not divide a dimension. A mapping
/// whose roofs alone are worse than the best found so far is not looked at further. Deterministic,
/// and bounded by the numbers of candidates.
namespace ridgeline {

/// What an objective minimises, and what decides between equals.
struct Score {
  double first = 0, second = 0;
  auto operator<=>(const Score&) const = default;
};
/// @param traffic words to and from DRAM; only Objective::traffic looks at it
[[nodiscard]] Score score_by(Objective objective, double cycles, double energy, double traffic);

/// Whether two layers have equal mappings at equal costs: networks repeat their blocks, and the
/// search is the costly part of a run without data.
[[nodiscard]] bool mapped_alike(const LoweredLayer& a, const LoweredLayer& b);

struct MappingRequest {
  const LoweredLayer& layer;
  LayerPrecision precision;
  std::vector<const Dataflow*> dataflows;  ///< to choose from
  Objective objective = Objective::latency;
  Residency residency{};  ///< feature maps that lie in the buffer as a whole
  std::size_t keep = 1;   ///< how many of the best mappings are wanted
};

struct FoundMapping {
  Mapping mapping;
  LayerCost cost;
};

struct FoundMappings {
  std::vector<FoundMapping> best{};  ///< the best first; empty: no mapping fits
  std::string shortage{};            ///< then: "its smallest tile needs 4,096 B of ..."
  std::int64_t tried = 0;            ///< mappings that fit the buffer
};
[[nodiscard]] FoundMappings search_mappings(const Architecture& arch,
                                            const MappingRequest& request);

/// Whether the mapping can run: operands fit the buffer, and psums that stay in the PEs need not
/// make room for others half way. @return what is wrong; empty if nothing
[[nodiscard]] std::string why_not(const Architecture& arch, const LoweredLayer& layer,
                                  const LayerPrecision& precision, const Mapping& mapping,
                                  const Residency& residency = {});

}  // namespace ridgeline
