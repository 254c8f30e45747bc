#include "sim/hw/vector_unit.hpp"

#include "models/cost/vector_cost.hpp"
#include "models/numeric/vector_datapath.hpp"
#include "sim/hw/clock.hpp"

namespace ridgeline::sim {
namespace {

std::int64_t output_words(const LayerJob& job, const Tile& tile) {
  return std::int64_t{tile.n.size()} * ofmap_channels(job.layer, tile).size() * tile.p.size() *
         tile.q.size();
}

std::span<std::byte> first_words(std::span<std::byte> place, std::int64_t words,
                                 Precision precision) {
  return place.first(static_cast<std::size_t>(words * word_bytes(precision).count()));
}

}  // namespace

VectorUnitModule::VectorUnitModule(sc_core::sc_module_name name, GlobalBuffer& buffer,
                                   Progress& progress, Timeline& timeline)
    : sc_module(name), buffer_(buffer), progress_(progress), timeline_(timeline) {
  SC_HAS_PROCESS(VectorUnitModule);
  SC_THREAD(run);
}

void VectorUnitModule::run() {
  for (;;) {
    activity_.waiting_for = "a layer";
    const LayerJob& job = *jobs.read();
    const bool own = !runs_on_array(job.layer.kind);
    if (own) {
      activity_.waiting_for = "room for the layer in the buffer";
      buffer_.hold(job);
      progress_.running.reach(job.index);
    }
    run_layer(job);
    if (!own) continue;
    buffer_.of(job).psum.halves.retire();
    progress_.worked.reach(job.index);
  }
}

void VectorUnitModule::run_layer(const LayerJob& job) {
  LayerPlaces& places = buffer_.of(job);
  for (const Tile& tile : job.tiles) {
    if (!tile.last_c) continue;
    activity_.tile = static_cast<int>(&tile - job.tiles.data());
    activity_.waiting_for = "a tile from the PE array";
    TileToken token = tiles.read();
    if (runs_on_array(job.layer.kind)) {
      finish_array_tile(job, tile, token);
    } else {
      run_own_tile(job, tile, token);
    }
    buffer_.keep_ofmap(job, tile, token);
    if (job.layer.residual && !job.residency.residual) {
      places.residual.halves.give(token.residual_half);
      job.trace.given_back(half_track(job, Track::residual_0, token.residual_half), now());
    }
    job.measured->vector_finished = now();
    places.vector_done[static_cast<std::size_t>(token.ofmap_half)] = now();
    activity_.waiting_for = "the store DMA to take a tile";
    finished.write(token);
  }
}

void VectorUnitModule::work(const LayerJob& job, std::int64_t words) {
  const std::int64_t operations = words * lane_operations_per_word(job.layer);
  job.measured->counts.vector += operations;
  job.measured->counts.glb_ofmap_write += words;
  if (job.layer.residual) job.measured->counts.glb_ifmap_read += words;
  activity_.waiting_for = "its own lanes";
  const Cycles begin = now();
  elapse(vector_cycles(job.arch->vector_unit, operations));
  job.trace.worked(Track::vector_unit, activity_.tile, begin, now(), words);
}

void VectorUnitModule::finish_array_tile(const LayerJob& job, const Tile& tile,
                                         const TileToken& token) {
  const std::int64_t words = output_words(job, tile);
  job.measured->counts.glb_psum_read += words;
  job.measured->vector_psums += words;
  work(job, words);
  if (!job.data) return;
  std::span<const std::byte> residual;
  if (job.layer.residual) {
    residual = first_words(buffer_.residual_words(job, tile, token), words, job.precision.residual);
  }
  const VectorTile io{.layer = job.layer,
                      .parameters = *job.parameters,
                      .precision = job.precision,
                      .tile = tile,
                      .input = {},
                      .residual = residual,
                      .output = first_words(buffer_.of(job).ofmap.half(token.ofmap_half), words,
                                            job.precision.output)};
  postprocess_tile(io, psum_layout(tile), buffer_.of(job).psum.half(token.ofmap_half),
                   buffer_.of(job).records[static_cast<std::size_t>(token.ofmap_half)]);
}

void VectorUnitModule::run_own_tile(const LayerJob& job, const Tile& tile, TileToken& token) {
  elapse_until(token.ready);
  activity_.waiting_for = "a free ofmap half";
  token.ofmap_half = buffer_.of(job).psum.halves.take();
  job.trace.filled(half_track(job, Track::psum_0, token.ofmap_half), token.tile, now());
  timeline_.spend(job, &CycleBreakdown::dram_stall, now());
  const std::int64_t words = output_words(job, tile);
  const IfmapBlock block = ifmap_block(job.layer.shape, tile.p, tile.q);
  job.measured->counts.glb_ifmap_read += block.real_words() * tile.m.size();
  work(job, words);
  timeline_.spend(job, &CycleBreakdown::vector_stall, now());
  job.trace.accounted(activity_.tile, job.measured->accounted, job.measured->cycles);
  if (job.data) {
    std::span<const std::byte> residual;
    if (job.layer.residual) residual = buffer_.residual_words(job, tile, token);
    compute_vector_tile({.layer = job.layer,
                         .parameters = *job.parameters,
                         .precision = job.precision,
                         .tile = tile,
                         .input = buffer_.ifmap_words(job, tile, token),
                         .residual = residual,
                         .output = first_words(buffer_.of(job).ofmap.half(token.ofmap_half), words,
                                               job.precision.output)});
  }
  if (job.residency.ifmap) return;
  buffer_.of(job).ifmap.halves.give(token.ifmap_half);
  job.trace.given_back(half_track(job, Track::ifmap_0, token.ifmap_half), now());
}

}  // namespace ridgeline::sim
