#include "models/mapping/mapping_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "models/base/error.hpp"
#include "models/base/json_reader.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/search.hpp"
#include "models/network/layer_precision.hpp"

namespace ridgeline {
namespace {

constexpr const char* kSchema = "ridgeline.mapping/1";
constexpr const char* kVector = "vector";
constexpr LengthBounds kName{1, 1000};
constexpr std::size_t kMostLayers = 100'000;
const std::vector<std::string> kOrders{"filter_outer", "ifmap_outer"};

/// (name, member) of every extent of a tile.
struct ExtentField {
  const char* name;
  int TileExtent::*member;
};
constexpr std::array<ExtentField, 6> kExtents{{{"N", &TileExtent::N},
                                               {"G", &TileExtent::G},
                                               {"M", &TileExtent::M},
                                               {"C", &TileExtent::C},
                                               {"P", &TileExtent::P},
                                               {"Q", &TileExtent::Q}}};

void expect(const JsonField& field, const std::string& here, const char* kind) {
  const std::string said = field.text(kName);
  if (said == here) return;
  field.fail(fmt::format("these mappings are for another {}, {}", kind, field.shown()),
             fmt::format("\"{}\", as in this run", here));
}

const LoweredLayer& layer_of(const JsonField& field, const LoweredNetwork& network) {
  const std::string name = field.text(kName);
  const auto found = std::ranges::find(network.layers, name, &LoweredLayer::name);
  if (found != network.layers.end()) return *found;
  std::vector<std::string> names;
  for (const LoweredLayer& layer : network.layers) names.push_back(layer.name);
  field.fail(fmt::format("is not a layer of {}, got {}", network.network.name, field.shown()),
             fmt::format("the names of its {} layers", names.size()), nearest_name(name, names));
}

const Dataflow* dataflow_of(const JsonField& field, const Architecture& arch,
                            const LoweredLayer& layer) {
  if (!runs_on_array(layer.kind)) {
    (void)field.one_of(std::vector<std::string>{kVector}, "dataflow of a vector layer");
    return nullptr;
  }
  return find_dataflow(field.one_of(arch.dataflows, fmt::format("dataflow of {}", arch.name)));
}

/// The largest tile: all of the layer, but for the images of a layer of the vector unit.
TileExtent largest_tile(const LoweredLayer& layer) {
  TileExtent all = iteration_space(layer);
  if (!runs_on_array(layer.kind)) all.N = 1;
  return all;
}

TileExtent tile_of(const JsonField& field, const LoweredLayer& layer) {
  std::vector<std::string> keys;
  for (const ExtentField& extent : kExtents) keys.emplace_back(extent.name);
  const ObjectReader object(field, keys);
  const TileExtent all = largest_tile(layer);
  TileExtent tile;
  for (const ExtentField& extent : kExtents) {
    tile.*extent.member = static_cast<int>(object.at(extent.name).integer({1, all.*extent.member}));
  }
  if (tile.G > 1 && (tile.M < all.M || tile.C < all.C)) {
    object.at("G").fail(
        fmt::format("a tile of several groups holds all of each, got G {}, M {}, C {}", tile.G,
                    tile.M, tile.C),
        fmt::format("G 1, or M {} and C {}", all.M, all.C));
  }
  const bool across_channels = layer.kind == LayerKind::lrn || layer.kind == LayerKind::softmax;
  if (across_channels && tile.M < all.M) {
    object.at("M").fail(fmt::format("{} looks across channels: its tiles hold all of them, got {}",
                                    layer_kind_name(layer.kind), tile.M),
                        std::to_string(all.M));
  }
  return tile;
}

void check_runs(const JsonField& tile, const MappingContext& in, const LoweredLayer& layer,
                const Mapping& mapping) {
  const LayerPrecision words = layer_precision(in.network, layer, in.precision);
  if (mapping.dataflow != nullptr && mapping.dataflow->cannot_run != nullptr) {
    const std::string reason = mapping.dataflow->cannot_run(in.arch, layer, words, mapping.tile);
    if (!reason.empty()) tile.fail(fmt::format("{}: {}", mapping.dataflow->name, reason));
  }
  const std::string reason = why_not(in.arch, layer, words, mapping);
  if (reason.empty()) return;
  throw InfeasibleError(fmt::format("{}: {}: layer {}: this mapping cannot run on {}: {}",
                                    tile.file(), tile.pointer(), layer.name, in.arch.name, reason));
}

LayerMapping mapping_of(const JsonField& field, const MappingContext& in) {
  const ObjectReader object(field, {"layer", "dataflow", "tile", "order"});
  const LoweredLayer& layer = layer_of(object.at("layer"), in.network);
  const Mapping mapping{
      .dataflow = dataflow_of(object.at("dataflow"), in.arch, layer),
      .tile = tile_of(object.at("tile"), layer),
      .order = object.at("order").one_of(kOrders, "order of the tile loops") == kOrders[0]
                   ? TileOrder::filter_outer
                   : TileOrder::ifmap_outer};
  check_runs(object.at("tile"), in, layer, mapping);
  return {layer.name, mapping};
}

}  // namespace

std::string_view tile_order_name(TileOrder order) {
  return kOrders[order == TileOrder::filter_outer ? 0 : 1];
}

std::vector<LayerMapping> parse_mappings(const SourceText& source, const MappingContext& context) {
  const JsonValue document = parse_json(source);
  const ObjectReader object(JsonField(document),
                            {"schema", "architecture", "network", "precision", "layers"});
  (void)object.at("schema").one_of(std::vector<std::string>{kSchema}, "schema");
  expect(object.at("architecture"), context.arch.name, "architecture");
  expect(object.at("network"), context.network.network.name, "network");
  expect(object.at("precision"), std::string(precision_name(context.precision)), "precision");
  std::vector<LayerMapping> mappings;
  for (const JsonField& item : object.at("layers").items({1, kMostLayers})) {
    LayerMapping mapping = mapping_of(item, context);
    if (std::ranges::find(mappings, mapping.layer, &LayerMapping::layer) != mappings.end()) {
      item.fail(fmt::format("the layer \"{}\" appears twice", mapping.layer));
    }
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

std::string to_json_text(std::span<const LayerMapping> mappings, const MappingContext& context) {
  using Json = nlohmann::ordered_json;
  Json layers = Json::array();
  for (const auto& [layer, mapping] : mappings) {
    Json tile = Json::object();
    for (const ExtentField& extent : kExtents) tile[extent.name] = mapping.tile.*extent.member;
    layers.push_back({{"layer", layer},
                      {"dataflow", mapping.dataflow ? mapping.dataflow->name : kVector},
                      {"tile", std::move(tile)},
                      {"order", tile_order_name(mapping.order)}});
  }
  const Json document{{"schema", kSchema},
                      {"architecture", context.arch.name},
                      {"network", context.network.network.name},
                      {"precision", precision_name(context.precision)},
                      {"layers", std::move(layers)}};
  constexpr int kIndent = 1;
  return document.dump(kIndent, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace ridgeline
