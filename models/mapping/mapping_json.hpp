#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/base/source_text.hpp"
#include "models/mapping/mapping.hpp"

/// Mappings as JSON, schema ridgeline.mapping/1 (arch_configs/schema/mapping.schema.json):
///
///   {"schema": "ridgeline.mapping/1", "architecture": "squeezelerator_16x16",
///    "network": "squeezenet_v1.1", "precision": "int8",
///    "layers": [{"layer": "conv1", "dataflow": "ws",
///                "tile": {"N": 1, "G": 1, "M": 64, "C": 3, "P": 14, "Q": 113},
///                "order": "filter_outer"}]}
///
/// Layers of the vector unit have the dataflow "vector". Layers that are not named are left to the
/// search.
namespace ridgeline {

/// What the mappings are for.
struct MappingContext {
  const Architecture& arch;
  const LoweredNetwork& network;
  Precision precision;
};

/// "filter_outer" or "ifmap_outer".
[[nodiscard]] std::string_view tile_order_name(TileOrder order);

/// Reads strictly. @throws InputError, with file and JSON pointer, for unknown, missing and double
/// keys, wrong types, another architecture, network or precision, layers and dataflows that do not
/// exist, extents beyond the layer's, and tiles that the dataflow cannot run; InfeasibleError, with
/// why_not's text, for a mapping that does not fit.
[[nodiscard]] std::vector<LayerMapping> parse_mappings(const SourceText& source,
                                                       const MappingContext& context);

[[nodiscard]] std::string to_json_text(std::span<const LayerMapping> mappings,
                                       const MappingContext& context);

}  // namespace ridgeline
