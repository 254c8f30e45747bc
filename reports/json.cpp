#include <nlohmann/json.hpp>

#include "models/arch/architecture_json.hpp"
#include "models/mapping/mapping_json.hpp"
#include "reports/fields_json.hpp"
#include "reports/layer_json.hpp"
#include "reports/quantization_report.hpp"
#include "reports/report.hpp"
#include "reports/run_json.hpp"
#include "reports/run_text.hpp"

/// Schema ridgeline.run/1. Keys are only ever added. The keys of energy_pj carry energy_unit,
/// which is "MAC" (equivalents) for a normalised table.
namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

Json roofline_json(const RooflinePoint& point) {
  return {{"macs_per_dram_byte", point.macs_per_dram_byte},
          {"macs_per_glb_byte", point.macs_per_glb_byte},
          {"attained_macs_per_cycle", point.attained_macs_per_cycle},
          {"roof_macs_per_cycle", point.roof_macs_per_cycle},
          {"bound", bound_name(point.bound)}};
}

Json check_json(const TensorCheck& check) {
  return {{"compared", check.compared},
          {"mismatches", check.mismatches},
          {"max_abs_error", check.max_abs_error},
          {"first_mismatch", check.first_mismatch}};
}

/// Counts of words and MACs, and fractions of them. What was saved is against the same mapping on a
/// machine that takes no notice of zeros.
Json sparsity_json(const LayerStats& layer) {
  const Sparsity& sparsity = layer.sparsity;
  Json json = fields_json(sparsity);
  json["macs_skipped"] = layer.macs_skipped.count();
  json["energy_saved_pj"] = sparsity.energy_saved.count();
  json["zero_weight_fraction"] = sparsity.zero_weight_fraction();
  json["zero_ifmap_fraction"] = sparsity.zero_ifmap_fraction();
  json["zero_ofmap_fraction"] = sparsity.zero_ofmap_fraction();
  return json;
}

/// P and Q are those of the tensor that is written: a pool in ceil mode has more than its window
/// alone would give.
Json shape_json(const LayerStats& layer) {
  const ConvShape& s = layer.shape;
  return {{"N", s.N},
          {"G", s.G},
          {"M", s.M},
          {"C", s.C},
          {"H", s.H},
          {"W", s.W},
          {"R", s.R()},
          {"S", s.S()},
          {"P", layer.output_shape.H},
          {"Q", layer.output_shape.W},
          {"stride", s.window.stride},
          {"pad", s.window.pad},
          {"dilation", s.window.dilation}};
}

Json mapping_json(const Mapping& mapping) {
  return {{"tile", tile_json(mapping.tile)}, {"order", tile_order_name(mapping.order)}};
}

/// What a layer and the total have in common.
void put_sums(Json& json, const LayerStats& layer, const Architecture& arch) {
  json["cycles"] = cycles_json(layer.cycles);
  json["latency_us"] = to_time(layer.cycles.total(), arch.clock).count();
  json["overlapped_cycles"] = layer.overlapped.count();
  json["utilization"] = layer.utilization;
  json["bytes"] = fields_json(layer.bytes);
  json["accesses"] = accesses_json(layer.accesses);
  json["accesses_by_operand"] = fields_json(layer.accesses);
  json["energy_pj"] = energy_json(layer.energy);
  json["roofline"] = roofline_json(layer.roofline);
  json["check"] = check_json(layer.check);
  json["sparsity"] = sparsity_json(layer);
}

Json layer_json(const LayerStats& layer, const Architecture& arch, bool mixed) {
  Json json{{"name", layer.name},
            {"op", layer.op},
            {"fused", layer.fused},
            {"dataflow", layer.dataflow},
            {"macs", layer.macs.count()},
            {"macs_skipped", layer.macs_skipped.count()},
            {"parameters", layer.parameters},
            {"shape", shape_json(layer)},
            {"mapping", mapping_json(layer.mapping)},
            {"ifmap_on_chip", layer.residency.ifmap},
            {"residual_on_chip", layer.residency.residual},
            {"ofmap_on_chip", layer.residency.ofmap}};
  if (mixed) {
    json["precision"] = precision_name(layer.precision);
    json["ofmap_precision"] = precision_name(layer.precision.output);
  }
  put_sums(json, layer, arch);
  if (layer.quantization) json["quantization"] = quantization_json(*layer.quantization);
  return json;
}

Json total_json(const RunStats& run) {
  const LayerStats total = total_of(run);
  Json json{{"name", total.name},
            {"layers", run.layers.size()},
            {"macs", total.macs.count()},
            {"macs_skipped", total.macs_skipped.count()},
            {"parameters", total.parameters}};
  put_sums(json, total, run.arch);
  if (run.quantization) json["quantization"] = quantization_json(run);
  return json;
}

Json classes_json(const std::vector<ClassScore>& classes) {
  Json json = Json::array();
  for (const ClassScore& one : classes) {
    json.push_back({{"picture", one.picture}, {"index", one.index}});
    if (!one.label.empty()) json.back()["label"] = one.label;
    json.back()["score"] = one.score;
    json.back()["output"] = one.value;
  }
  return json;
}

}  // namespace

Json run_json(const RunStats& run) {
  const TensorShape& input = run.input;
  Json json{{"schema", "ridgeline.run/1"},
            {"engine", run.engine},
            {"arch", Json::parse(to_json_text(run.arch))},
            {"network",
             {{"name", run.network},
              {"input", {input.N, input.C, input.H, input.W}},
              {"macs", run.network_macs.count()},
              {"parameters", run.network_parameters}}},
            {"precision", precision_name(run.precision)},
            {"dataflow", run.dataflow},
            {"objective", run.objective},
            {"seed", run.seed},
            {"data", run.data},
            {"weights", run.weights_note},
            {"energy_unit", run.arch.energy.unit}};
  json["activation_zeros"] = zeros_source_name(run.activation_zeros);
  if (run.declared_weights) json["weight_zeros"] = zeros_source_name(ZerosSource::declared);
  if (!run.picture.empty()) json["picture"] = run.picture;
  if (!run.classes.empty()) json["classes"] = classes_json(run.classes);
  if (run.quantization) json["calibration"] = calibration_json(*run.quantization);
  json["layers"] = Json::array();
  const bool mixed = is_mixed(run);
  for (const LayerStats& layer : run.layers)
    json["layers"].push_back(layer_json(layer, run.arch, mixed));
  json["total"] = total_json(run);
  return json;
}

std::string render_json(const RunStats& run) {
  constexpr int kIndent = 1;
  return run_json(run).dump(kIndent, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace ridgeline::reports
