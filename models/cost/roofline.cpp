#include "models/cost/roofline.hpp"

namespace ridgeline {

Roofs roofs_of(const AccessCounts& counts, const PortWords& ports, Bytes dram_bytes,
               const Architecture& arch) {
  const GlobalBuffer& glb = arch.global_buffer;
  const auto cycles = [](std::int64_t count, double a_cycle) {
    return static_cast<double>(count) / a_cycle;
  };
  return {.compute = std::max(cycles(counts.mac, arch.pes()),
                              cycles(counts.vector, arch.vector_unit.lanes)),
          .dram = cycles(dram_bytes.count(), arch.dram.bytes_per_cycle),
          .glb = std::max({cycles(ports.ifmap, glb.ifmap_words_per_cycle),
                           cycles(ports.filter, glb.filter_words_per_cycle),
                           cycles(ports.psum_in, glb.psum_in_words_per_cycle),
                           cycles(ports.psum_out, glb.psum_out_words_per_cycle)})};
}

}  // namespace ridgeline
