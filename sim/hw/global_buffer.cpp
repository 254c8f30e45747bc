#include "sim/hw/global_buffer.hpp"

#include <cassert>

namespace ridgeline::sim {

GlobalBuffer::GlobalBuffer(sc_core::sc_module_name name) : sc_module(name) {}

void GlobalBuffer::reset(const Architecture& arch) {
  space_.reset(arch.global_buffer.bytes);
  filter_space_.reset(arch.global_buffer.filter_bytes);
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
    for (auto& words : place.words) words.resize(static_cast<std::size_t>(bytes.count()));
  };
  resize(places.ifmap, plan.ifmap.tile);
  resize(places.filter, plan.filter.tile);
  resize(places.residual, plan.residual.tile);
  // The ofmap tile: as many words as psums.
  const TileExtent& t = job.mapping.tile;
  resize(places.ofmap, word_bytes(job.precision) * (std::int64_t{t.N} * t.G * t.M * t.P * t.Q));
}

void GlobalBuffer::hold(const LayerJob& job) {
  LayerPlaces& places = of(job);
  for (OperandPlace* place : {&places.ifmap, &places.filter, &places.residual, &places.psum}) {
    place->halves.place_all();
  }
}

}  // namespace ridgeline::sim
