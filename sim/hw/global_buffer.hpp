#pragma once

#include <array>
#include <span>
#include <systemc>
#include <vector>

#include "sim/hw/half_pool.hpp"
#include "sim/hw/job.hpp"

namespace ridgeline::sim {

/// The on-chip memory between DRAM and the array: a place for each operand, of one or two halves.
/// It owns the words and the credits; how many cycles a port costs is part of a pass's cost.
class GlobalBuffer : public sc_core::sc_module {
 public:
  explicit GlobalBuffer(sc_core::sc_module_name name);

  /// Lays out the places for a layer. No unit may be working.
  void prepare(const LayerJob& job);

  struct Place {
    HalfPool halves;
    std::array<std::vector<std::byte>, 2> words;
    [[nodiscard]] std::span<std::byte> half(int index) {
      return words[static_cast<std::size_t>(index)];
    }
  };
  Place ifmap, filter, residual;
  /// Psums while they grow; the vector unit puts the ofmap tile in their place. The simulator
  /// keeps the two apart, since it pads psums to whole vectors.
  Place psum, ofmap;
  /// Channel records of the tile in each psum half: registers of the vector unit.
  std::array<std::vector<std::byte>, 2> records;
};

}  // namespace ridgeline::sim
