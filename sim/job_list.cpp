#include "sim/job_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.hpp"
#include "models/base/grouped.hpp"
#include "models/cost/analytic.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/network_mapping.hpp"
#include "models/mapping/selection.hpp"
#include "models/network/layer_names.hpp"
#include "models/network/layer_precision.hpp"

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

bool skips_zero_weights(const Architecture& arch, const Dataflow* dataflow) {
  return dataflow != nullptr && dataflow->skips_zero_weights && arch.pe_array.skip_zero_weights;
}

/// Where a feature map of the layer lies, and how it is coded there.
TensorPlace place_of(const RunInputs& in, TensorId id, const LayerTensors::Place& tensor,
                     bool on_chip, const MemoryLayout& layout) {
  TensorPlace place = layout.place(id);
  // A fully connected layer takes every element of an image for a channel.
  place.channel_offset *= tensor.stored.C / place.stored.C;
  place.stored = tensor.stored;
  if (on_chip) {
    place.address = 0;
    place.on_chip = in.network.tensors[static_cast<std::size_t>(id)].storage;
  } else {
    place.coded_ratio = tensor.coded_ratio;
  }
  return place;
}

/// The last job before job `reader` that writes into a tensor which it reads; -1 if none does.
int last_writer(const LoweredNetwork& network, const JobList& list, std::size_t reader) {
  const auto storage = [&](TensorId id) {
    return network.tensors[static_cast<std::size_t>(id)].storage;
  };
  const LoweredLayer& layer = list.jobs[reader].layer;
  for (std::size_t i = reader; i-- > 0;) {
    const TensorId written = storage(list.jobs[i].layer.output);
    if (written == storage(layer.input)) return static_cast<int>(i);
    if (layer.residual && written == storage(*layer.residual)) return static_cast<int>(i);
  }
  return -1;
}

LayerJob make_job(const RunInputs& in, std::size_t index, const Mapping& mapping,
                  const Residency& residency, const MemoryLayout& layout) {
  const LoweredLayer& layer = in.network.layers[index];
  const LayerTensors tensors = tensors_of(in.network, layer, in.arch, in.maps);
  const LayerPrecision precision = layer_precision(in.network, layer, in.precision);
  LayerJob job{.arch = &in.arch,
               .layer = layer,
               .precision = precision,
               .mapping = mapping,
               .plan = buffer_plan(in.arch, layer, precision, mapping, residency),
               .loads = tiles_of(layer, mapping),
               .input = place_of(in, layer.input, tensors.input, residency.ifmap, layout),
               .output = place_of(in, layer.output, tensors.output, residency.ofmap, layout),
               .residency = residency,
               .filters_address = layout.filters(index),
               .records_address = layout.records(index)};
  job.tiles = job.loads;
  if (mapping.dataflow != nullptr) {
    job.pass = mapping.dataflow->pass_extent(in.arch.pe_array, layer.shape, mapping.tile);
  }
  if (layer.residual) {
    job.residual = place_of(in, *layer.residual, tensors.residual, residency.residual, layout);
  }
  if (in.workload != nullptr) {
    job.parameters = &in.workload->layers[index];
    job.data = true;
  }
  return job;
}

ZeroWeights counted_zeros(const RunInputs& in, std::size_t index, const RunOptions& options) {
  const LoweredLayer& layer = in.network.layers[index];
  const int channels = layer.shape.C_per_group();
  if (in.workload != nullptr) {
    const LayerParameters& parameters = in.workload->layers[index];
    return {count_zero_weights(parameters.filters, operand_zeros(parameters)), channels};
  }
  if (layer.zero_weight_fraction) {
    return ZeroWeights::scattered(*layer.zero_weight_fraction, layer.shape.R() * layer.shape.S());
  }
  const WorkloadRequest request{
      .precision = in.precision, .seed = in.seed, .weights = options.weights};
  return {count_zero_weights(in.network, index, request), channels};
}

/// The zero weights that mappings are chosen by, on a machine that can skip them: declared ones, or
/// those of a network that has weights of its own. Weights from a seed have few, and would have to
/// be made first.
std::vector<std::shared_ptr<const ZeroWeights>> own_zeros(
    const RunInputs& in, const RunOptions& options, const std::vector<std::size_t>& layers,
    const std::vector<const Dataflow*>& dataflows) {
  const auto skips = [&](const Dataflow* dataflow) {
    return skips_zero_weights(in.arch, dataflow);
  };
  const auto known = [&](std::size_t index) {
    const LoweredLayer& layer = in.network.layers[index];
    return runs_on_array(layer.kind) &&
           (options.weights != nullptr || layer.zero_weight_fraction.has_value());
  };
  if (std::ranges::none_of(layers, known) || std::ranges::none_of(dataflows, skips)) return {};
  std::vector<std::shared_ptr<const ZeroWeights>> zeros;
  for (const std::size_t index : layers) {
    zeros.push_back(known(index) ? zero_weights(in, index, options) : nullptr);
  }
  return zeros;
}

/// Tells every job its place in the run and where to leave its measurements.
void connect(JobList& list, const LoweredNetwork& network, bool trace) {
  list.measurements.resize(list.jobs.size());
  for (std::size_t i = 0; i < list.jobs.size(); ++i) {
    list.jobs[i].measured = &list.measurements[i];
    list.jobs[i].index = static_cast<int>(i);
    list.jobs[i].needs = last_writer(network, list, i);
  }
  if (trace) list.traces.resize(list.jobs.size());
  for (std::size_t i = 0; i < list.traces.size(); ++i) {
    list.jobs[i].trace = TraceNotes(list.traces[i]);
  }
}

}  // namespace

std::shared_ptr<const ZeroWeights> zero_weights(const RunInputs& in, std::size_t index,
                                                const RunOptions& options) {
  if (options.zero_weights) {
    const auto known = options.zero_weights->find(index);
    if (known != options.zero_weights->end()) return known->second;
  }
  auto zeros = std::make_shared<const ZeroWeights>(counted_zeros(in, index, options));
  if (options.zero_weights) options.zero_weights->emplace(index, zeros);
  return zeros;
}

JobList make_jobs(const RunInputs& in, const RunOptions& options, const MemoryLayout& layout) {
  JobList list;
  list.layers = selected_layers(in.network, options.layers, "--layers");
  // All layers are mapped before any is cut into tiles: a layer that cannot run shows at once.
  const std::vector<const Dataflow*> dataflows = offered_dataflows(in.arch, options.dataflow);
  list.known_zeros = own_zeros(in, options, list.layers, dataflows);
  const NetworkMapping mapped =
      map_network(in.arch, {.network = in.network,
                            .layers = list.layers,
                            .precision = in.precision,
                            .dataflows = dataflows,
                            .objective = options.objective.value_or(in.arch.objective),
                            .given = options.mappings,
                            .zeros = list.known_zeros});
  for (std::size_t i = 0; i < list.layers.size(); ++i) {
    check_tile_count(in.arch, in.network.layers[list.layers[i]], mapped.mappings[i]);
  }
  for (std::size_t i = 0; i < list.layers.size(); ++i) {
    const std::size_t index = list.layers[i];
    const Mapping& mapping = mapped.mappings[i];
    list.jobs.push_back(make_job(in, index, mapping, mapped.residencies[i], layout));
    const bool skips = skips_zero_weights(in.arch, mapping.dataflow);
    if (skips && !list.known_zeros.empty() && list.known_zeros[i] != nullptr) {
      list.zeros.push_back(list.known_zeros[i]);
    } else {
      list.zeros.push_back(skips ? zero_weights(in, index, options)
                                 : std::make_shared<const ZeroWeights>());
    }
    list.jobs.back().zeros = list.zeros.back().get();
  }
  for (const KeptMap& map : mapped.kept) {
    list.jobs[map.first].keeps.push_back({map.tensor, map.bytes, map.held});
    list.jobs[map.last].frees += map.held;
  }
  connect(list, in.network, options.trace);
  return list;
}

Trace trace_of(JobList& list) {
  Trace trace;
  for (std::size_t i = 0; i < list.traces.size(); ++i) {
    const LayerJob& job = list.jobs[i];
    job.trace.finished(job.measured->accounted, job.measured->cycles);
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
