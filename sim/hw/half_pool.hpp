#pragma once

#include <systemc>
#include <vector>

namespace ridgeline::sim {

/// The free halves of one operand's place in the global buffer: the credits of double buffering.
class HalfPool {
 public:
  void reset(int halves) {
    free_.clear();
    for (int half = halves; half-- > 0;) free_.push_back(half);
  }
  /// Suspends the calling thread until a half is free.
  [[nodiscard]] int take() {
    while (free_.empty()) sc_core::wait(given_);
    const int half = free_.back();
    free_.pop_back();
    return half;
  }
  void give(int half) {
    free_.insert(free_.begin(), half);
    given_.notify(sc_core::SC_ZERO_TIME);
  }

 private:
  std::vector<int> free_;  // the one that has been free longest is taken first: at the back
  sc_core::sc_event given_;
};

}  // namespace ridgeline::sim
