#pragma once

#include <array>
#include <map>
#include <span>
#include <systemc>
#include <vector>

#include "sim/hw/feature_block.hpp"
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
  /// Room for so many bytes in a half. The simulator's own memory: it only grows.
  void make_room(std::size_t index, std::size_t bytes) {
    if (words[index].size() < bytes) words[index].resize(bytes);
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
/// can have places in it: the one that runs, and the next one whose first tiles come early. Beside
/// them lie the feature maps that stay from one layer to another.
class GlobalBuffer : public sc_core::sc_module {
 public:
  explicit GlobalBuffer(sc_core::sc_module_name name);

  /// Everything is free, for a run on this architecture.
  void reset(const Architecture& arch);
  /// Lays out the places of a layer. The layer two before it must be stored.
  void prepare(const LayerJob& job);
  /// Takes every byte of the layer's places that it does not have yet, and those of the maps that
  /// stay from it on, as it begins to run.
  void hold(const LayerJob& job);
  /// Gives up the maps that nobody reads after this layer, which is done.
  void release(const LayerJob& job) { space_.release(job.frees); }

  /// The words that a tile reads: those in its half, or, of a map that stays, gathered for it.
  [[nodiscard]] std::span<std::byte> ifmap_words(const LayerJob& job, const Tile& tile,
                                                 const TileToken& token);
  [[nodiscard]] std::span<std::byte> residual_words(const LayerJob& job, const Tile& tile,
                                                    const TileToken& token);
  /// Puts a finished tile where it stays; nothing to do for an ofmap that is stored.
  void keep_ofmap(const LayerJob& job, const Tile& tile, const TileToken& token);
  /// A map that stays or stayed during this run; null if there was none, or no data.
  [[nodiscard]] const std::vector<std::byte>* kept(TensorId tensor) const {
    const auto found = maps_.find(tensor);
    return found == maps_.end() ? nullptr : &found->second;
  }

  [[nodiscard]] LayerPlaces& of(const LayerJob& job) {
    return places_[static_cast<std::size_t>(job.index % 2)];
  }

 private:
  void gather(const TensorPlace& place, const FeatureBlock& block, OperandPlace& to);

  BufferSpace space_;
  BufferSpace filter_space_;  ///< of the filters' own buffer, where there is one
  std::array<LayerPlaces, 2> places_;
  /// Nobody reads a map after it was released; the simulator keeps it to be looked at after a run.
  std::map<TensorId, std::vector<std::byte>> maps_;
};

}  // namespace ridgeline::sim
