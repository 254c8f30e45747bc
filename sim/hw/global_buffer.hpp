#pragma once

#include <array>
#include <span>
#include <systemc>
#include <vector>

#include "sim/hw/half_pool.hpp"
#include "sim/hw/job.hpp"

namespace ridgeline::sim {

/// Place of one operand of a layer, of one or two halves.
struct OperandPlace {
  HalfPool halves;
  std::array<std::vector<std::byte>, 2> words;
  [[nodiscard]] std::span<std::byte> half(int index) {
    return words[static_cast<std::size_t>(index)];
  }
};

/// What a layer has in the buffer.
struct LayerPlaces {
  OperandPlace ifmap, filter, residual;
  /// Psums while they grow; the vector unit puts the ofmap tile in their place. The simulator
  /// keeps the two apart, since it pads psums to whole vectors.
  OperandPlace psum, ofmap;
  /// Channel records of the tile in each psum half: registers of the vector unit.
  std::array<std::vector<std::byte>, 2> records;
  /// When the vector unit was done with each psum half, so that waiting for a half is charged to
  /// whoever held it.
  std::array<Cycles, 2> vector_done;
};

/// The on-chip memory between DRAM and the array. It owns the words, the credits of double
/// buffering and the free bytes; how many cycles a port costs is part of a pass's cost. Two layers
/// can have places in it: the one that runs, and the next one whose first tiles come early.
class GlobalBuffer : public sc_core::sc_module {
 public:
  explicit GlobalBuffer(sc_core::sc_module_name name);

  /// Everything is free, for a run on this architecture.
  void reset(const Architecture& arch);
  /// Lays out the places of a layer. The layer two before it must be stored.
  void prepare(const LayerJob& job);
  /// Takes every byte of the layer's places that it does not have yet, as it begins to run.
  void hold(const LayerJob& job);

  [[nodiscard]] LayerPlaces& of(const LayerJob& job) {
    return places_[static_cast<std::size_t>(job.index % 2)];
  }

 private:
  BufferSpace space_;
  BufferSpace filter_space_;  ///< of the filters' own buffer, where there is one
  std::array<LayerPlaces, 2> places_;
};

}  // namespace ridgeline::sim
