#pragma once

#include <tlm.h>
#include <tlm_utils/simple_target_socket.h>

#include <span>
#include <systemc>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/cost/dram_cost.hpp"

namespace ridgeline::sim {

/// A block transfer, as a DMA descriptor states it: `images` x `planes` x `rows` runs of
/// `row_bytes`, which are `image_stride`, `plane_stride` and `row_stride` bytes apart in DRAM and
/// follow one another in the payload's data. The target answers with the times.
struct BlockTransfer : tlm::tlm_extension<BlockTransfer> {
  std::int64_t images = 1, planes = 1, rows = 1, row_bytes = 0;
  std::int64_t image_stride = 0, plane_stride = 0, row_stride = 0;
  DramBlock cost;  ///< the runs that the bus sees

  Cycles bus_taken;  ///< answer: when the request's turn on the bus comes
  Cycles bus_free;   ///< answer: when the bus takes the next request
  Cycles completed;  ///< answer: when the last word has arrived

  [[nodiscard]] tlm_extension_base* clone() const override { return new BlockTransfer(*this); }
  void copy_from(const tlm_extension_base& other) override {
    *this = static_cast<const BlockTransfer&>(other);
  }
};

/// Off-chip memory. Reads and writes share one bus, first come, first served; a read arrives one
/// latency after its last bus cycle, and requests pipeline, so that the latency never occupies the
/// bus. Writes are posted. A payload without a data pointer costs time and moves nothing.
class DramTarget : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<DramTarget> load_port{"load_port"};
  tlm_utils::simple_target_socket<DramTarget> store_port{"store_port"};

  explicit DramTarget(sc_core::sc_module_name name);

  /// Timing of the requests from now on; the bus is free.
  void configure(const Dram& timing);
  /// Contents; sized by whoever lays out the tensors.
  std::vector<std::byte> memory;

 private:
  void transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  Dram timing_;
  Cycles busy_until_;
};

}  // namespace ridgeline::sim
