#include "sim/hw/dram.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "sim/hw/clock.hpp"

namespace ridgeline::sim {

DramTarget::DramTarget(sc_core::sc_module_name name) : sc_module(name) {
  load_port.register_b_transport(this, &DramTarget::transport);
  store_port.register_b_transport(this, &DramTarget::transport);
}

void DramTarget::configure(const Dram& timing) {
  timing_ = timing;
  busy_until_ = now();
}

void DramTarget::transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  auto* const block = payload.get_extension<BlockTransfer>();
  assert(block != nullptr);
  block->bus_taken = std::max(busy_until_, now());
  busy_until_ = block->bus_taken + bus_cycles(timing_, block->cost);
  block->bus_free = busy_until_;
  block->completed = busy_until_ + (payload.is_read() ? timing_.latency : Cycles(0));
  delay += duration(block->completed - now());
  if (payload.get_data_ptr() != nullptr) move(payload, *block);
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

void DramTarget::move(tlm::tlm_generic_payload& payload, const BlockTransfer& block) {
  auto* words = reinterpret_cast<std::byte*>(payload.get_data_ptr());
  const auto run = static_cast<std::size_t>(block.row_bytes);
  for (std::int64_t plane = 0; plane < block.images * block.planes; ++plane) {
    const std::int64_t from =
        plane / block.planes * block.image_stride + plane % block.planes * block.plane_stride;
    for (std::int64_t row = 0; row < block.rows; ++row) {
      const std::size_t address = static_cast<std::size_t>(payload.get_address()) +
                                  static_cast<std::size_t>(from + row * block.row_stride);
      assert(address + run <= memory.size());
      std::byte* const at = memory.data() + address;
      if (payload.is_read()) {
        std::memcpy(words, at, run);
      } else {
        std::memcpy(at, words, run);
      }
      words += run;
    }
  }
}

}  // namespace ridgeline::sim
