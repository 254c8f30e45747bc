#pragma once

#include <systemc>
#include <vector>

#include "models/mapping/buffer_plan.hpp"
#include "sim/hw/buffer_space.hpp"

namespace ridgeline::sim {

/// The halves of one operand's place in the buffer: the credits of double buffering. A half takes
/// its bytes when it is first needed, or when its layer starts to run; once the layer needs no
/// more halves, they return their bytes as they become free.
class HalfPool {
 public:
  void reset(int halves, Bytes all, BufferSpace& space) {
    free_.clear();
    unplaced_ = halves;
    each_ = Bytes(all.count() / halves);
    space_ = &space;
    retired_ = false;
  }
  /// Suspends the calling thread until a half is free.
  [[nodiscard]] int take() {
    if (unplaced_ > 0) place_one();
    while (free_.empty()) sc_core::wait(given_);
    const int half = free_.back();
    free_.pop_back();
    return half;
  }
  void give(int half) {
    if (retired_) return space_->release(each_);
    free_.insert(free_.begin(), half);
    given_.notify(sc_core::SC_ZERO_TIME);
  }
  /// Takes the bytes of every half.
  void place_all() {
    while (unplaced_ > 0) place_one();
  }
  /// No half will be taken any more.
  void retire() {
    retired_ = true;
    space_->release(each_ * static_cast<std::int64_t>(free_.size()));
    free_.clear();
    unplaced_ = 0;
  }

 private:
  void place_one() {
    // The number first: another thread may come while this one waits for space.
    const int half = --unplaced_;
    space_->reserve(each_);
    free_.push_back(half);
    given_.notify(sc_core::SC_ZERO_TIME);
  }

  std::vector<int> free_;  // the one that has been free longest is taken first: at the back
  int unplaced_ = 0;       // halves that have no bytes yet
  Bytes each_;
  BufferSpace* space_ = nullptr;
  bool retired_ = false;
  sc_core::sc_event given_;
};

}  // namespace ridgeline::sim
