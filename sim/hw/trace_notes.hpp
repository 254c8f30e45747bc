#pragma once

#include <array>
#include <optional>
#include <vector>

#include "models/cost/run_stats.hpp"
#include "models/cost/trace.hpp"

namespace ridgeline::sim {

/// The slices of one layer while they are being recorded, in cycles of the simulation.
struct LayerTrace {
  std::vector<TraceSlice> slices{};
  std::array<std::optional<TraceSlice>, kTracks> in_use{};  ///< halves, until they are given back
  CycleBreakdown accounted{};  ///< of the layer's timeline, that slices show already
};

/// Where the units note what they do with a layer, one line a place. A value without a place to
/// write to takes no notes, so that a run that is not traced pays a test of a pointer a tile.
class TraceNotes {
 public:
  TraceNotes() = default;
  explicit TraceNotes(LayerTrace& to) : to_(&to) {}

  /// A unit was busy with a tile, and moved or produced so many words.
  void worked(Track unit, int tile, Cycles begin, Cycles end, std::int64_t words) const {
    if (to_ != nullptr) add({unit, "tile", 0, 0, tile, begin, end, words});
  }
  /// The bus carried `what`; the DMA has been busy with that tile since it asked for its first
  /// request.
  void carried(Track dma, int tile, const char* what, Cycles asked, Cycles begin, Cycles end,
               std::int64_t words) const;
  /// What a request brings into a half has arrived at `at`; several may fill one half.
  void filled(Track half, int tile, Cycles at) const;
  void given_back(Track half, Cycles at) const;
  /// The layer's timeline has got so far; what is new since the last call belongs to `tile`.
  void accounted(std::optional<int> tile, Cycles until, const CycleBreakdown& cycles) const;
  /// The layer's timeline is complete.
  void finished(Cycles until, const CycleBreakdown& cycles) const;

 private:
  /// Null if there is none.
  [[nodiscard]] TraceSlice* last_on(Track track) const;
  /// Makes one slice of what follows the last one directly and is the same.
  void extend_or_add(const TraceSlice& slice) const;
  void add(const TraceSlice& slice) const {
    if (slice.begin < slice.end) to_->slices.push_back(slice);
  }

  LayerTrace* to_ = nullptr;
};

}  // namespace ridgeline::sim
