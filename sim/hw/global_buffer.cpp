#include "sim/hw/global_buffer.hpp"

#include <cassert>

namespace ridgeline::sim {
namespace {

/// What no right result looks like, so that a word that is never written shows.
constexpr std::byte kUnwritten{0xA5};

}  // namespace

GlobalBuffer::GlobalBuffer(sc_core::sc_module_name name) : sc_module(name) {}

void GlobalBuffer::reset(const Architecture& arch) {
  space_.reset(arch.global_buffer.bytes);
  filter_space_.reset(arch.global_buffer.filter_bytes);
  maps_.clear();
}

void GlobalBuffer::prepare(const LayerJob& job) {
  const BufferPlan& plan = job.plan;
  assert(plan.fits(job.arch->global_buffer));
  LayerPlaces& places = of(job);
  const bool own_buffer = job.arch->global_buffer.filter_bytes > Bytes(0);
  const auto lay_out = [&](OperandPlace& place, const BufferPlan::Operand& operand,
                           BufferSpace& space) {
    place.halves.reset(operand.halves, operand.held, space);
  };
  lay_out(places.ifmap, plan.ifmap, space_);
  lay_out(places.filter, plan.filter, own_buffer ? filter_space_ : space_);
  lay_out(places.residual, plan.residual, space_);
  lay_out(places.psum, plan.ofmap, space_);
  places.vector_done = {};
  if (!job.data) return;
  const auto resize = [](OperandPlace& place, Bytes bytes) {
    for (std::size_t half : {0, 1}) place.make_room(half, static_cast<std::size_t>(bytes.count()));
  };
  resize(places.ifmap, plan.ifmap.tile);
  resize(places.filter, plan.filter.tile);
  resize(places.residual, plan.residual.tile);
  // The ofmap tile: as many words as psums.
  const TileExtent& t = job.mapping.tile;
  resize(places.ofmap,
         word_bytes(job.precision.output) * (std::int64_t{t.N} * t.G * t.M * t.P * t.Q));
}

void GlobalBuffer::hold(const LayerJob& job) {
  LayerPlaces& places = of(job);
  for (OperandPlace* place : {&places.ifmap, &places.filter, &places.residual, &places.psum}) {
    place->halves.place_all();
  }
  for (const ResidentMap& map : job.keeps) {
    space_.reserve(map.held);
    if (job.data) maps_[map.tensor].assign(static_cast<std::size_t>(map.bytes.count()), kUnwritten);
  }
}

std::span<std::byte> GlobalBuffer::ifmap_words(const LayerJob& job, const Tile& tile,
                                               const TileToken& token) {
  OperandPlace& place = of(job).ifmap;
  if (job.residency.ifmap) {
    gather(job.input, ifmap_block_of(job.layer, tile), place);
  }
  return place.half(token.ifmap_half);
}

std::span<std::byte> GlobalBuffer::residual_words(const LayerJob& job, const Tile& tile,
                                                  const TileToken& token) {
  OperandPlace& place = of(job).residual;
  if (job.residency.residual) {
    gather(job.residual, ofmap_block_of(job.layer, tile), place);
  }
  return place.half(token.residual_half);
}

void GlobalBuffer::gather(const TensorPlace& place, const FeatureBlock& block, OperandPlace& to) {
  to.make_room(0, static_cast<std::size_t>(word_bytes(place.precision).count() * block.words()));
  copy_runs(transfer_of(place, block), maps_.at(*place.on_chip),
            static_cast<std::size_t>(address_of(place, block)), to.half(0).data(),
            Direction::from_memory);
}

void GlobalBuffer::keep_ofmap(const LayerJob& job, const Tile& tile, const TileToken& token) {
  if (!job.data || !job.residency.ofmap) return;
  const FeatureBlock block = ofmap_block_of(job.layer, tile);
  copy_runs(transfer_of(job.output, block), maps_.at(*job.output.on_chip),
            static_cast<std::size_t>(address_of(job.output, block)),
            of(job).ofmap.half(token.ofmap_half).data(), Direction::to_memory);
}

}  // namespace ridgeline::sim
