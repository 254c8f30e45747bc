#include "sim/hw/pe_array.hpp"

#include <algorithm>
#include <cstring>

#include "models/cost/dram_cost.hpp"
#include "models/numeric/joined_passes.hpp"
#include "sim/hw/clock.hpp"

namespace ridgeline::sim {

PeArrayUnit::PeArrayUnit(sc_core::sc_module_name name, GlobalBuffer& buffer, Progress& progress,
                         Timeline& timeline)
    : sc_module(name), buffer_(buffer), progress_(progress), timeline_(timeline) {
  SC_HAS_PROCESS(PeArrayUnit);
  SC_THREAD(run);
}

void PeArrayUnit::run() {
  for (;;) {
    activity_.waiting_for = "a layer";
    const LayerJob& job = *jobs.read();
    if (runs_on_array(job.layer.kind)) {
      run_layer(job);
    } else {
      for (std::size_t i = 0; i < job.tiles.size(); ++i) {
        activity_.waiting_for = "a tile from the load DMA";
        finished.write(tiles.read());
      }
    }
  }
}

void PeArrayUnit::run_layer(const LayerJob& job) {
  activity_.waiting_for = "the layer before to finish its work";
  progress_.worked.wait_for(job.index - 1);
  activity_.waiting_for = "room for the layer in the buffer";
  buffer_.hold(job);
  progress_.running.reach(job.index);
  datapath_.start_layer(job.layer.shape, job.precision, job.pass,
                        job.data ? operand_zeros(*job.parameters) : OperandZeros{});
  int ofmap_half = 0;
  for (const Tile& tile : job.tiles) {
    activity_.tile = static_cast<int>(&tile - job.tiles.data());
    activity_.waiting_for = "a tile from the load DMA";
    TileToken token = tiles.read();
    elapse_until(token.ready);
    timeline_.spend(job, &CycleBreakdown::dram_stall, now());
    token.ofmap_half = ofmap_half;
    if (tile.first_c) begin_ofmap_tile(job, tile, token);
    ofmap_half = token.ofmap_half;
    const PassSequence passes(job.layer.shape, job.pass, tile);
    spend_passes(job, passes);
    if (job.data) {
      take_operands(job, tile, token);
      compute_passes(job, tile, token);
    }
    job.trace.accounted(activity_.tile, job.measured->accounted, job.measured->cycles);
    give_back(job, tile, token);
    activity_.waiting_for = "the vector unit to take a tile";
    if (tile.last_c) finished.write(token);
  }
  buffer_.of(job).psum.halves.retire();
  progress_.worked.reach(job.index);
}

void PeArrayUnit::give_back(const LayerJob& job, const Tile& tile, const TileToken& token) {
  if (tile.release_ifmap && !job.residency.ifmap) {
    buffer_.of(job).ifmap.halves.give(token.ifmap_half);
    job.trace.given_back(half_track(job, Track::ifmap_0, token.ifmap_half), now());
  }
  if (tile.release_filter) {
    buffer_.of(job).filter.halves.give(token.filter_half);
    job.trace.given_back(half_track(job, Track::filter_0, token.filter_half), now());
  }
}

void PeArrayUnit::begin_ofmap_tile(const LayerJob& job, const Tile& tile, TileToken& token) {
  activity_.waiting_for = "a free psum half";
  LayerPlaces& places = buffer_.of(job);
  token.ofmap_half = places.psum.halves.take();
  job.trace.filled(half_track(job, Track::psum_0, token.ofmap_half), token.tile, now());
  const auto half = static_cast<std::size_t>(token.ofmap_half);
  // The half was first with the vector unit, then with the store DMA.
  timeline_.spend(job, &CycleBreakdown::vector_stall, std::min(places.vector_done[half], now()));
  timeline_.spend(job, &CycleBreakdown::dram_stall, now());
  if (!job.data) return;
  places.psum.make_room(half, stored_psum_bytes(psum_layout(tile), tile, job.precision));
  const auto records = static_cast<std::size_t>(channel_record_bytes(job.precision).count() *
                                                ofmap_channels(job.layer, tile).size());
  const auto filters =
      static_cast<std::size_t>(filter_block(job.layer, job.precision, tile).bytes().count());
  const auto source = places.filter.half(token.filter_half).subspan(filters, records);
  places.records[half].assign(source.begin(), source.end());
}

void PeArrayUnit::take_operands(const LayerJob& job, const Tile& tile, const TileToken& token) {
  LayerPlaces& places = buffer_.of(job);
  if (tile.load_ifmap) {
    datapath_.take_ifmap(token.ifmap_half, buffer_.ifmap_words(job, tile, token), tile);
  }
  if (tile.load_filter) {
    datapath_.take_filters(token.filter_half, places.filter.half(token.filter_half), tile);
  }
}

void PeArrayUnit::spend_passes(const LayerJob& job, const PassSequence& passes) {
  const Architecture& arch = *job.arch;
  const ConvShape& shape = job.layer.shape;
  const Dataflow& dataflow = *job.mapping.dataflow;
  const bool preload = arch.pe_array.preload;
  Measurement& measured = *job.measured;
  Pass pass = passes[0];
  PassCost cost = dataflow.cost(arch, shape, pass, *job.zeros);
  CycleBreakdown cycles = first_load_cycles(cost, preload);
  activity_.waiting_for = "its own passes";
  passes_.clear();
  for (std::int64_t i = 0; i < passes.size(); ++i) {
    const bool has_next = i + 1 < passes.size();
    const Pass next = has_next ? passes[i + 1] : pass;
    const PassCost next_cost = has_next ? dataflow.cost(arch, shape, next, *job.zeros) : PassCost();
    cycles += pass_cycles(cost, next_cost.load, preload);
    elapse(cycles.total());
    timeline_.spend(job, cycles);
    const PassAccesses accesses = dataflow.accesses(arch, shape, pass, *job.zeros);
    measured.counts += accesses.counts;
    measured.ports += accesses.ports;
    if (job.data) passes_.push_back(pass);
    cycles = {};
    pass = next;
    cost = next_cost;
  }
}

void PeArrayUnit::compute_passes(const LayerJob& job, const Tile& tile, const TileToken& token) {
  const auto compute = [&](const Pass& pass) {
    datapath_.run_pass(pass, tile, token.ifmap_half, token.filter_half,
                       buffer_.of(job).psum.half(token.ofmap_half));
  };
  JoinedPasses joined(job.layer.shape);
  for (const Pass& pass : passes_) joined.add(pass, compute);
  joined.finish(compute);
}

}  // namespace ridgeline::sim
