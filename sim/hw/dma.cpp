#include "sim/hw/dma.hpp"

#include <algorithm>

#include "sim/hw/clock.hpp"

namespace ridgeline::sim {
namespace {

/// A block of a tensor in DRAM.
struct FeatureBlock {
  Range images, channels, rows, cols;
  [[nodiscard]] TensorShape extent() const {
    return {.N = images.size(), .C = channels.size(), .H = rows.size(), .W = cols.size()};
  }
};

std::int64_t address_of(const TensorPlace& place, Precision precision, const FeatureBlock& block) {
  const std::int64_t channel = std::int64_t{block.images.begin} * place.stored.C +
                               place.channel_offset + block.channels.begin;
  const std::int64_t row = channel * place.stored.H + block.rows.begin;
  return place.address + word_bytes(precision).count() * (row * place.stored.W + block.cols.begin);
}

BlockTransfer transfer_of(const TensorPlace& place, Precision precision,
                          const FeatureBlock& block) {
  const std::int64_t word = word_bytes(precision).count();
  BlockTransfer transfer;
  transfer.images = block.images.size();
  transfer.planes = block.channels.size();
  transfer.rows = block.rows.size();
  transfer.row_bytes = word * block.cols.size();
  transfer.row_stride = word * place.stored.W;
  transfer.plane_stride = transfer.row_stride * place.stored.H;
  transfer.image_stride = transfer.plane_stride * place.stored.C;
  transfer.cost = coded(dram_block(place.stored, precision, block.extent()), place.coded_ratio);
  return transfer;
}

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

LoadDma::LoadDma(sc_core::sc_module_name name, GlobalBuffer& buffer)
    : sc_module(name), buffer_(buffer) {
  SC_HAS_PROCESS(LoadDma);
  SC_THREAD(run);
}

void LoadDma::run() {
  for (;;) {
    activity_.waiting_for = "a layer";
    const LayerJob& job = *jobs.read();
    TileToken token;
    for (token.tile = 0; token.tile < static_cast<int>(job.loads.size()); ++token.tile) {
      activity_.tile = token.tile;
      load_tile(job, job.loads[static_cast<std::size_t>(token.tile)], token);
      activity_.waiting_for = "the array to take a tile";
      tiles.write(token);
    }
  }
}

int LoadDma::take(HalfPool& pool, const char* what) {
  activity_.waiting_for = what;
  return pool.take();
}

void LoadDma::load_tile(const LayerJob& job, const Tile& tile, TileToken& token) {
  const LoweredLayer& layer = job.layer;
  token.ready = now();
  bus_free_ = now();
  if (tile.load_ifmap) {
    token.ifmap_half = take(buffer_.ifmap.halves, "a free ifmap half");
    const IfmapBlock block = ifmap_block(layer.shape, tile.p, tile.q);
    const FeatureBlock from{tile.n, ifmap_channels(layer, tile), block.rows, block.cols};
    request(job, address_of(job.input, job.precision, from),
            transfer_of(job.input, job.precision, from),
            half_track(Track::ifmap_0, token.ifmap_half), buffer_.ifmap.half(token.ifmap_half),
            token);
  }
  if (tile.load_filter) {
    token.filter_half = take(buffer_.filter.halves, "a free filter half");
    const Range ms = ofmap_channels(layer, tile);
    const std::int64_t taps = std::int64_t{layer.shape.R()} * layer.shape.S();
    const std::int64_t word = word_bytes(job.precision).count();
    BlockTransfer filters;
    filters.planes = ms.size();
    filters.row_bytes = word * tile.c.size() * taps;
    filters.plane_stride = word * layer.shape.C_per_group() * taps;
    filters.cost = filter_block(layer, job.precision, tile);
    const std::span<std::byte> to = buffer_.filter.half(token.filter_half);
    request(job, job.filters_address + filters.plane_stride * ms.begin + word * tile.c.begin * taps,
            filters, half_track(Track::filter_0, token.filter_half), to, token);
    if (tile.first_c)
      load_records(job, ms, job.data ? to.subspan(static_cast<std::size_t>(bytes_of(filters))) : to,
                   token);
  }
  if (layer.residual && tile.last_c) {
    token.residual_half = take(buffer_.residual.halves, "a free residual half");
    const FeatureBlock from{tile.n, ofmap_channels(layer, tile), tile.p, tile.q};
    request(job, address_of(job.residual, job.precision, from),
            transfer_of(job.residual, job.precision, from),
            half_track(Track::residual_0, token.residual_half),
            buffer_.residual.half(token.residual_half), token);
  }
  activity_.waiting_for = "the DRAM bus";
  elapse_until(bus_free_);
}

void LoadDma::load_records(const LayerJob& job, Range channels, std::span<std::byte> to,
                           TileToken& token) {
  const std::int64_t record = channel_record_bytes(job.precision).count();
  BlockTransfer records;
  records.row_bytes = record * channels.size();
  records.cost = contiguous(Bytes(records.row_bytes));
  request(job, job.records_address + record * channels.begin, records,
          half_track(Track::filter_0, token.filter_half), to, token);
  // The vector unit takes them over from the buffer.
  job.measured->counts.glb_read += records.row_bytes / word_bytes(job.precision).count();
}

void LoadDma::request(const LayerJob& job, std::int64_t address, BlockTransfer block, Track half,
                      std::span<std::byte> to, TileToken& token) {
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
  job.measured->counts.glb_write += words_of(block, job.precision);
  job.measured->dram_read += block.cost.bytes();
  const std::int64_t words = dram_words(block.cost, job.precision);
  job.measured->counts.dram_read += words;
  job.trace.carried(Track::load_dma, token.tile, operand_of(half), now(), block.bus_taken,
                    block.bus_free, words);
  job.trace.filled(half, token.tile, block.completed);
}

StoreDma::StoreDma(sc_core::sc_module_name name, GlobalBuffer& buffer)
    : sc_module(name), buffer_(buffer) {
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
      store_tile(job, tiles.read());
    }
    done.write(&job);
  }
}

void StoreDma::store_tile(const LayerJob& job, const TileToken& token) {
  const Tile& tile = job.tiles[static_cast<std::size_t>(token.tile)];
  const FeatureBlock to{tile.n, ofmap_channels(job.layer, tile), tile.p, tile.q};
  BlockTransfer block = transfer_of(job.output, job.precision, to);
  tlm::tlm_generic_payload payload;
  payload.set_write();
  payload.set_address(static_cast<sc_dt::uint64>(address_of(job.output, job.precision, to)));
  payload.set_data_ptr(
      job.data ? reinterpret_cast<unsigned char*>(buffer_.ofmap.half(token.ofmap_half).data())
               : nullptr);
  payload.set_extension(&block);
  sc_core::sc_time delay;
  dram->b_transport(payload, delay);
  payload.clear_extension(&block);
  job.measured->counts.glb_read += words_of(block, job.precision);
  job.measured->dram_write += block.cost.bytes();
  const std::int64_t words = dram_words(block.cost, job.precision);
  job.measured->counts.dram_write += words;
  job.trace.carried(Track::store_dma, token.tile, "ofmap", now(), block.bus_taken, block.bus_free,
                    words);
  activity_.waiting_for = "the DRAM bus";
  elapse_until(block.bus_free);
  job.trace.given_back(half_track(Track::psum_0, token.ofmap_half), now());
  buffer_.psum.halves.give(token.ofmap_half);
}

}  // namespace ridgeline::sim
