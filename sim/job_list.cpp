#include "sim/job_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.hpp"
#include "models/base/grouped.hpp"
#include "models/cost/dram_cost.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/search.hpp"
#include "models/mapping/selection.hpp"

namespace ridgeline::sim {
namespace {

/// Tiles that one layer may take. A buffer so small that a layer falls into more of them would keep
/// the simulation busy for hours and fill the memory with descriptors.
constexpr std::int64_t kMostTiles = 2'000'000;

void check_tile_count(const Architecture& arch, const LoweredLayer& layer, const Mapping& mapping) {
  const std::int64_t tiles = tile_counts(layer, mapping.tile).total();
  if (tiles <= kMostTiles) return;
  throw InfeasibleError(fmt::format(
      "layer {}: no usable mapping on {}, whose global buffer has {} B: the layer is cut into {} "
      "tiles, and at most {} can be simulated",
      layer.name, arch.name, grouped(arch.global_buffer.bytes.count()), grouped(tiles),
      grouped(kMostTiles)));
}

/// Equal layers have equal mappings: networks repeat their blocks, and the search is the costly
/// part of a run without data.
class MappingCache {
 public:
  Mapping best(const Architecture& arch, const MappingRequest& request) {
    const LoweredLayer& layer = request.layer;
    for (const Known& known : known_) {
      if (known.kind == layer.kind && known.shape == layer.shape &&
          known.output == layer.output_shape && known.residual == layer.residual.has_value()) {
        return known.mapping;
      }
    }
    const FoundMappings found = search_mappings(arch, request);
    if (found.best.empty()) {
      throw InfeasibleError(
          fmt::format("layer {}: no mapping on {}: {}", layer.name, arch.name, found.shortage));
    }
    known_.push_back({layer.kind, layer.shape, layer.output_shape, layer.residual.has_value(),
                      found.best.front().mapping});
    return known_.back().mapping;
  }

 private:
  struct Known {
    LayerKind kind;
    ConvShape shape;
    TensorShape output;
    bool residual;
    Mapping mapping;
  };
  std::vector<Known> known_;
};

/// Zero weights of a layer, where the machine skips them; otherwise an empty value.
ZeroWeights zero_weights(const RunInputs& in, std::size_t index, const Dataflow* dataflow) {
  const LoweredLayer& layer = in.network.layers[index];
  if (dataflow == nullptr || !dataflow->skips_zero_weights || !in.arch.pe_array.skip_zero_weights) {
    return {};
  }
  const int channels = layer.shape.C_per_group();
  if (in.workload != nullptr) {
    return {count_zero_weights(in.workload->layers[index].filters), channels};
  }
  return {count_zero_weights(make_filters(in.network, index, in.precision, in.seed)), channels};
}

/// Where a tensor lies and how it is coded there.
TensorPlace place_of(const RunInputs& in, TensorId id, const MemoryLayout& layout) {
  TensorPlace place = layout.place(id);
  if (in.arch.dram.activations == ActivationCoding::run_length) {
    const LoweredTensor& tensor = in.network.tensors[static_cast<std::size_t>(id)];
    place.coded_ratio = run_length_ratio(tensor.zero_fraction, in.precision);
  }
  return place;
}

/// The input as the layer sees it: a fully connected layer takes every element for a channel.
TensorPlace input_place(const RunInputs& in, const LoweredLayer& layer,
                        const MemoryLayout& layout) {
  TensorPlace place = place_of(in, layer.input, layout);
  if (layer.kind != LayerKind::fully_connected) return place;
  const int plane = place.stored.H * place.stored.W;
  place.stored = {.N = place.stored.N, .C = place.stored.C * plane, .H = 1, .W = 1};
  place.channel_offset *= plane;
  return place;
}

LayerJob make_job(const RunInputs& in, std::size_t index, const Mapping& mapping,
                  const MemoryLayout& layout) {
  const LoweredLayer& layer = in.network.layers[index];
  LayerJob job{.arch = &in.arch,
               .layer = layer,
               .precision = in.precision,
               .mapping = mapping,
               .plan = buffer_plan(in.arch, layer, in.precision, mapping),
               .loads = tiles_of(layer, mapping),
               .input = input_place(in, layer, layout),
               .output = place_of(in, layer.output, layout),
               .filters_address = layout.filters(index),
               .records_address = layout.records(index)};
  job.tiles = job.loads;
  if (mapping.dataflow != nullptr) {
    job.pass = mapping.dataflow->pass_extent(in.arch.pe_array, layer.shape, mapping.tile);
  }
  if (layer.residual) job.residual = place_of(in, *layer.residual, layout);
  if (in.workload != nullptr) {
    job.parameters = &in.workload->layers[index];
    job.data = true;
  }
  return job;
}

}  // namespace

JobList make_jobs(const RunInputs& in, const RunOptions& options, const MemoryLayout& layout) {
  const std::vector<const Dataflow*> dataflows = offered_dataflows(in.arch, options.dataflow);
  JobList list;
  list.layers = selected_layers(in.network, options.layers, "--layers");
  // All layers are mapped before any is cut into tiles: a layer that cannot run shows at once.
  MappingCache cache;
  std::vector<Mapping> mappings;
  for (const std::size_t index : list.layers) {
    const MappingRequest request{.layer = in.network.layers[index],
                                 .precision = in.precision,
                                 .dataflows = dataflows,
                                 .objective = options.objective.value_or(in.arch.objective)};
    const auto fixed =
        std::ranges::find(options.mappings, request.layer.name, &LayerMapping::layer);
    mappings.push_back(fixed != options.mappings.end() ? fixed->mapping
                                                       : cache.best(in.arch, request));
    check_tile_count(in.arch, request.layer, mappings.back());
  }
  for (std::size_t i = 0; i < list.layers.size(); ++i) {
    const std::size_t index = list.layers[i];
    const Mapping& mapping = mappings[i];
    list.jobs.push_back(make_job(in, index, mapping, layout));
    list.zeros.push_back(std::make_unique<ZeroWeights>(zero_weights(in, index, mapping.dataflow)));
    list.jobs.back().zeros = list.zeros.back().get();
  }
  list.measurements.resize(list.jobs.size());
  for (std::size_t i = 0; i < list.jobs.size(); ++i) {
    list.jobs[i].measured = &list.measurements[i];
  }
  if (options.trace) list.traces.resize(list.jobs.size());
  for (std::size_t i = 0; i < list.traces.size(); ++i) {
    list.jobs[i].trace = TraceNotes(list.traces[i]);
  }
  return list;
}

Trace trace_of(JobList& list) {
  Trace trace;
  for (std::size_t i = 0; i < list.traces.size(); ++i) {
    const LayerJob& job = list.jobs[i];
    const Timeline& timeline = job.measured->timeline;
    job.trace.finished(timeline.accounted(), timeline.cycles());
    trace.layers.push_back({job.layer.name, job.tiles});
    for (TraceSlice& slice : list.traces[i].slices) {
      slice.layer = i;
      trace.slices.push_back(std::move(slice));
    }
  }
  arrange(trace);
  return trace;
}

}  // namespace ridgeline::sim
