#include <nlohmann/json.hpp>

#include "models/mapping/buffer_plan.hpp"
#include "models/mapping/loop_nest.hpp"
#include "reports/layer_json.hpp"
#include "reports/mapping_report.hpp"

/// Schema ridgeline.map/1. Keys are only ever added.
namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

Json loops_json(const std::vector<Loop>& loops) {
  Json json = Json::array();
  for (const Loop& loop : loops) {
    json.push_back({{"dimension", loop.dimension},
                    {"extent", loop.extent},
                    {"size", loop.size},
                    {"trips", loop.trips()},
                    {"last", loop.last()}});
  }
  return json;
}

/// Outermost first, level by level.
Json nest_json(const LoopNest& nest) {
  return {{"tiles", loops_json(nest.tiles)},       {"passes", loops_json(nest.passes)},
          {"spatial_sets", loops_json(nest.sets)}, {"spatial_rows", loops_json(nest.rows)},
          {"spatial_cols", loops_json(nest.cols)}, {"steps", loops_json(nest.steps)}};
}

Json buffer_json(const BufferPlan& plan, const GlobalBuffer& glb) {
  const auto operand = [](const BufferPlan::Operand& o) {
    return Json{{"tile_bytes", o.tile.count()}, {"halves", o.halves}};
  };
  return {{"ifmap", operand(plan.ifmap)},
          {"filter", operand(plan.filter)},
          {"residual", operand(plan.residual)},
          {"psum", operand(plan.ofmap)},
          {"global_buffer_bytes", plan.global.count()},
          {"global_buffer_share", ratio(plan.global, glb.bytes)},
          {"filter_buffer_bytes", plan.filter_buffer.count()}};
}

Json mapping_json(const MappedLayer& layer, const FoundMapping& found,
                  const MappingReport& report) {
  const LayerStats stats = stats_of(layer, found, report);
  Json accesses = accesses_json(stats.accesses);
  accesses["vector"] = stats.accesses.vector;
  return {
      {"dataflow", stats.dataflow},
      {"tile", tile_json(found.mapping.tile)},
      {"order", tile_order_name(found.mapping.order)},
      {"loops", nest_json(loop_nest(report.arch, layer.layer, found.mapping))},
      {"buffer", buffer_json(buffer_plan(report.arch, layer.layer, report.precision, found.mapping),
                             report.arch.global_buffer)},
      {"cycles", cycles_json(stats.cycles)},
      {"accesses", std::move(accesses)},
      {"accesses_by_operand", fields_json(stats.accesses)},
      {"energy_pj", energy_json(stats.energy)},
      {"energy_delay",
       stats.energy.total().count() * static_cast<double>(stats.cycles.total().count())},
      {"dram_read_bytes", stats.bytes.dram_read.count()},
      {"dram_write_bytes", stats.bytes.dram_write.count()},
      {"bound", bound_name(stats.roofline.bound)}};
}

}  // namespace

std::string render_mappings_json(const MappingReport& report) {
  Json layers = Json::array();
  for (const MappedLayer& layer : report.layers) {
    Json best = Json::array();
    for (const FoundMapping& found : layer.best) best.push_back(mapping_json(layer, found, report));
    layers.push_back({{"layer", layer.layer.name},
                      {"op", layer_kind_name(layer.layer.kind)},
                      {"given", layer.fixed},
                      {"tried", layer.tried},
                      {"best", std::move(best)}});
  }
  const Json document{{"schema", "ridgeline.map/1"},
                      {"architecture", report.arch.name},
                      {"network", report.network},
                      {"precision", precision_name(report.precision)},
                      {"dataflow", report.dataflow},
                      {"objective", objective_name(report.objective)},
                      {"energy_unit", report.arch.energy.unit},
                      {"layers", std::move(layers)}};
  constexpr int kIndent = 1;
  return document.dump(kIndent, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace ridgeline::reports
