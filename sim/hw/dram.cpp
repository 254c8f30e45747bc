#include "sim/hw/dram.hpp"

#include <algorithm>
#include <cassert>

#include "sim/hw/clock.hpp"
#include "sim/hw/feature_block.hpp"

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
  if (payload.get_data_ptr() != nullptr) {
    copy_runs(*block, memory, static_cast<std::size_t>(payload.get_address()),
              reinterpret_cast<std::byte*>(payload.get_data_ptr()),
              payload.is_read() ? Direction::from_memory : Direction::to_memory);
  }
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

}  // namespace ridgeline::sim
