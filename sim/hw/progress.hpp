#pragma once

#include <algorithm>
#include <systemc>

#include "sim/hw/job.hpp"

/// What the units know of each other's work on the layers of a run, numbered in order.
namespace ridgeline::sim {

/// The last layer that has come so far.
class Milestone {
 public:
  void reset() { last_ = -1; }
  [[nodiscard]] bool passed_by(int layer) const { return last_ >= layer; }
  void reach(int layer) {
    last_ = layer;
    reached_.notify(sc_core::SC_ZERO_TIME);
  }
  /// Suspends the calling thread until that layer has; returns at once for a negative one.
  void wait_for(int layer) {
    while (!passed_by(layer)) sc_core::wait(reached_);
  }

 private:
  int last_ = -1;
  sc_core::sc_event reached_;
};

struct Progress {
  Milestone running;  ///< the layer runs and holds its whole place in the buffer
  Milestone worked;   ///< array or vector unit, whichever runs it, has done its last tile
  Milestone stored;   ///< its ofmap lies in DRAM
  void reset() {
    for (Milestone* milestone : {&running, &worked, &stored}) milestone->reset();
  }
};

/// Where the time of a run goes. Whoever runs a layer (the array, or the vector unit for its own
/// layers) accounts for every cycle, one layer after another, so that the categories of all layers
/// add up to the time of the run.
class Timeline {
 public:
  void start(Cycles at) {
    accounted_ = at;
    layer_ = -1;
  }
  /// Charges the time from the last accounted moment until `until` to one category of a layer.
  void spend(const LayerJob& job, Cycles CycleBreakdown::*category, Cycles until) {
    CycleBreakdown spent;
    spent.*category = std::max(until - accounted_, Cycles(0));
    spend(job, spent);
  }
  /// Charges a breakdown that begins at the last accounted moment.
  void spend(const LayerJob& job, const CycleBreakdown& spent) {
    if (layer_ != job.index) begin(job);
    accounted_ += spent.total();
    job.measured->cycles += spent;
    job.measured->accounted = accounted_;
  }
  /// Charges what follows the last tile of a layer, unless the next layer works already.
  void close(const LayerJob& job, Cycles CycleBreakdown::*category, Cycles until) {
    if (layer_ <= job.index) spend(job, category, until);
  }
  /// The bus carries something for the layer, from `begin` to `end`.
  void carry(const LayerJob& job, Cycles begin, Cycles end) const {
    if (layer_ < job.index) job.measured->early.emplace_back(begin, end);
  }
  /// The layer's last word is stored: what came after its own time ran beside the next layer's.
  void stored(const LayerJob& job, Cycles at) const {
    job.measured->overlapped += at - job.measured->accounted;
  }

 private:
  void begin(const LayerJob& job) {
    layer_ = job.index;
    for (const auto& [begin, end] : job.measured->early) {
      job.measured->overlapped += std::max(std::min(end, accounted_) - begin, Cycles(0));
    }
  }

  Cycles accounted_;
  int layer_ = -1;
};

}  // namespace ridgeline::sim
