#include "sim/hw/dma.hpp"

#include <algorithm>

#include "sim/hw/clock.hpp"
#include "sim/hw/feature_block.hpp"

namespace ridgeline::sim {
namespace {

/// What a transfer puts into the buffer or takes out of it.
std::int64_t bytes_of(const BlockTransfer& block) {
  return block.images * block.planes * block.rows * block.row_bytes;
}
std::int64_t words_of(const BlockTransfer& block, Precision precision) {
  return bytes_of(block) / word_bytes(precision).count();
}

/// What a request that fills `half` carries: for the trace.
const char* operand_of(Track half) {
  if (half < Track::filter_0) return "ifmap";
  return half < Track::residual_0 ? "filter" : "residual";
}

}  // namespace

LoadDma::LoadDma(sc_core::sc_module_name name, GlobalBuffer& buffer, Progress& progress,
                 Timeline& timeline)
    : sc_module(name), buffer_(buffer), progress_(progress), timeline_(timeline) {
  SC_HAS_PROCESS(LoadDma);
  SC_THREAD(run);
}

void LoadDma::run() {
  for (;;) {
    activity_.waiting_for = "a layer";
    load_layer(*jobs.read());
  }
}

void LoadDma::load_layer(const LayerJob& job) {
  activity_.waiting_for = "the layer before to leave room";
  (job.arch->global_buffer.double_buffer ? progress_.running : progress_.stored)
      .wait_for(job.index - 1);
  TileToken token;
  for (token.tile = 0; token.tile < static_cast<int>(job.loads.size()); ++token.tile) {
    activity_.tile = token.tile;
    load_tile(job, job.loads[static_cast<std::size_t>(token.tile)], token);
    activity_.waiting_for = "the array to take a tile";
    tiles.write(token);
  }
  LayerPlaces& places = buffer_.of(job);
  for (OperandPlace* place : {&places.ifmap, &places.filter, &places.residual}) {
    place->halves.retire();
  }
}

int LoadDma::take(HalfPool& pool, const char* what) {
  activity_.waiting_for = what;
  return pool.take();
}

void LoadDma::load_tile(const LayerJob& job, const Tile& tile, TileToken& token) {
  token.ready = now();
  bus_free_ = now();
  // The first tile's filters need not wait for the layer that writes the ifmap.
  const bool filters_first = token.tile == 0;
  if (tile.load_filter && filters_first) load_filters(job, tile, token);
  if (!progress_.stored.passed_by(job.needs)) {
    activity_.waiting_for = "the layer that writes the ifmap";
    progress_.stored.wait_for(job.needs);
  }
  // What stays in the buffer is there already.
  if (tile.load_ifmap && !job.residency.ifmap) load_ifmap(job, tile, token);
  if (tile.load_filter && !filters_first) load_filters(job, tile, token);
  if (job.layer.residual && tile.last_c && !job.residency.residual) {
    load_residual(job, tile, token);
  }
  activity_.waiting_for = "the DRAM bus";
  elapse_until(bus_free_);
}

void LoadDma::load_ifmap(const LayerJob& job, const Tile& tile, TileToken& token) {
  OperandPlace& place = buffer_.of(job).ifmap;
  token.ifmap_half = take(place.halves, "a free ifmap half");
  const FeatureBlock from = ifmap_block_of(job.layer, tile);
  request(job, address_of(job.input, from), transfer_of(job.input, from),
          half_track(job, Track::ifmap_0, token.ifmap_half), place.half(token.ifmap_half),
          job.precision, token);
}

void LoadDma::load_filters(const LayerJob& job, const Tile& tile, TileToken& token) {
  OperandPlace& place = buffer_.of(job).filter;
  token.filter_half = take(place.halves, "a free filter half");
  const Range ms = ofmap_channels(job.layer, tile);
  const ConvShape& shape = job.layer.shape;
  const std::int64_t taps = std::int64_t{shape.R()} * shape.S();
  const std::int64_t word = word_bytes(job.precision).count();
  BlockTransfer filters;
  filters.planes = ms.size();
  filters.row_bytes = word * tile.c.size() * taps;
  filters.plane_stride = word * shape.C_per_group() * taps;
  filters.cost = filter_block(job.layer, job.precision, tile);
  const std::span<std::byte> to = place.half(token.filter_half);
  request(job, job.filters_address + filters.plane_stride * ms.begin + word * tile.c.begin * taps,
          filters, half_track(job, Track::filter_0, token.filter_half), to, job.precision, token);
  if (!tile.first_c) return;
  load_records(job, ms, job.data ? to.subspan(static_cast<std::size_t>(bytes_of(filters))) : to,
               token);
}

void LoadDma::load_residual(const LayerJob& job, const Tile& tile, TileToken& token) {
  OperandPlace& place = buffer_.of(job).residual;
  token.residual_half = take(place.halves, "a free residual half");
  const FeatureBlock from = ofmap_block_of(job.layer, tile);
  request(job, address_of(job.residual, from), transfer_of(job.residual, from),
          half_track(job, Track::residual_0, token.residual_half), place.half(token.residual_half),
          job.precision.residual, token);
}

void LoadDma::load_records(const LayerJob& job, Range channels, std::span<std::byte> to,
                           TileToken& token) {
  const std::int64_t record = channel_record_bytes(job.precision).count();
  BlockTransfer records;
  records.row_bytes = record * channels.size();
  records.cost = contiguous(Bytes(records.row_bytes));
  request(job, job.records_address + record * channels.begin, records,
          half_track(job, Track::filter_0, token.filter_half), to, job.precision, token);
  // The vector unit takes them over from the buffer.
  job.measured->counts.glb_filter_read += records.row_bytes / word_bytes(job.precision).count();
}

void LoadDma::request(const LayerJob& job, std::int64_t address, BlockTransfer block, Track half,
                      std::span<std::byte> to, Precision words, TileToken& token) {
  tlm::tlm_generic_payload payload;
  payload.set_read();
  payload.set_address(static_cast<sc_dt::uint64>(address));
  payload.set_data_ptr(job.data ? reinterpret_cast<unsigned char*>(to.data()) : nullptr);
  payload.set_extension(&block);
  sc_core::sc_time delay;
  dram->b_transport(payload, delay);
  payload.clear_extension(&block);
  token.ready = std::max(token.ready, block.completed);
  bus_free_ = std::max(bus_free_, block.bus_free);
  AccessCounts& counts = job.measured->counts;
  const std::int64_t read = dram_words(block.cost, words);
  const bool filters = half >= Track::filter_0 && half < Track::residual_0;
  (filters ? counts.glb_filter_write : counts.glb_ifmap_write) += words_of(block, words);
  (filters ? counts.dram_filter_read : counts.dram_ifmap_read) += read;
  job.measured->dram_read += block.cost.bytes();
  job.trace.carried(Track::load_dma, token.tile, operand_of(half), now(), block.bus_taken,
                    block.bus_free, read);
  job.trace.filled(half, token.tile, block.completed);
  timeline_.carry(job, block.bus_taken, block.bus_free);
}

StoreDma::StoreDma(sc_core::sc_module_name name, GlobalBuffer& buffer, Progress& progress,
                   Timeline& timeline)
    : sc_module(name), buffer_(buffer), progress_(progress), timeline_(timeline) {
  SC_HAS_PROCESS(StoreDma);
  SC_THREAD(run);
}

void StoreDma::run() {
  for (;;) {
    activity_.waiting_for = "a layer";
    const LayerJob& job = *jobs.read();
    const auto ofmap_tiles = std::ranges::count_if(job.tiles, &Tile::last_c);
    for (std::ptrdiff_t i = 0; i < ofmap_tiles; ++i) {
      activity_.waiting_for = "an ofmap tile from the vector unit";
      activity_.tile = static_cast<int>(i);
      const TileToken token = tiles.read();
      if (!job.residency.ofmap) store_tile(job, token);
      job.trace.given_back(half_track(job, Track::psum_0, token.ofmap_half), now());
      buffer_.of(job).psum.halves.give(token.ofmap_half);
    }
    buffer_.release(job);
    // What remains after the layer's last pass: the vector unit, then the last store.
    timeline_.close(job, &CycleBreakdown::vector_stall, job.measured->vector_finished);
    timeline_.close(job, &CycleBreakdown::dram_stall, now());
    timeline_.stored(job, now());
    progress_.stored.reach(job.index);
  }
}

void StoreDma::store_tile(const LayerJob& job, const TileToken& token) {
  const FeatureBlock to =
      ofmap_block_of(job.layer, job.tiles[static_cast<std::size_t>(token.tile)]);
  BlockTransfer block = transfer_of(job.output, to);
  tlm::tlm_generic_payload payload;
  payload.set_write();
  payload.set_address(static_cast<sc_dt::uint64>(address_of(job.output, to)));
  payload.set_data_ptr(job.data ? reinterpret_cast<unsigned char*>(
                                      buffer_.of(job).ofmap.half(token.ofmap_half).data())
                                : nullptr);
  payload.set_extension(&block);
  sc_core::sc_time delay;
  dram->b_transport(payload, delay);
  payload.clear_extension(&block);
  job.measured->counts.glb_ofmap_read += words_of(block, job.precision.output);
  job.measured->dram_write += block.cost.bytes();
  const std::int64_t words = dram_words(block.cost, job.precision.output);
  job.measured->counts.dram_ofmap_write += words;
  job.trace.carried(Track::store_dma, token.tile, "ofmap", now(), block.bus_taken, block.bus_free,
                    words);
  activity_.waiting_for = "the DRAM bus";
  elapse_until(block.bus_free);
}

}  // namespace ridgeline::sim
