#include "sim/hw/global_buffer.hpp"

#include <cassert>

namespace ridgeline::sim {

GlobalBuffer::GlobalBuffer(sc_core::sc_module_name name) : sc_module(name) {}

void GlobalBuffer::prepare(const LayerJob& job) {
  assert(job.plan.fits(job.arch->global_buffer));
  ifmap.halves.reset(job.plan.ifmap.halves);
  filter.halves.reset(job.plan.filter.halves);
  residual.halves.reset(job.plan.residual.halves);
  psum.halves.reset(job.plan.ofmap.halves);
  if (!job.data) return;
  const auto resize = [](Place& place, Bytes bytes) {
    for (auto& words : place.words) words.resize(static_cast<std::size_t>(bytes.count()));
  };
  resize(ifmap, job.plan.ifmap.tile);
  resize(filter, job.plan.filter.tile);
  resize(residual, job.plan.residual.tile);
  // The ofmap tile: as many words as psums.
  const TileExtent& t = job.mapping.tile;
  resize(ofmap, word_bytes(job.precision) * (std::int64_t{t.N} * t.G * t.M * t.P * t.Q));
}

}  // namespace ridgeline::sim
