#pragma once

#include <systemc>

#include "models/base/units.hpp"

namespace ridgeline::sim {

/// Bytes of an on-chip buffer that nobody holds, given out in the order in which they are asked
/// for. A layer holds its whole place from the moment it runs; the layer after it may take what
/// becomes free, but nothing that the running one counts on.
class BufferSpace {
 public:
  void reset(Bytes capacity) {
    free_ = capacity;
    next_ = served_ = 0;
  }
  /// Suspends the calling thread until so many bytes are free and all who asked earlier have
  /// theirs.
  void reserve(Bytes wanted) {
    const int number = next_++;
    while (number != served_ || free_ < wanted) sc_core::wait(changed_);
    free_ -= wanted;
    ++served_;
    changed_.notify(sc_core::SC_ZERO_TIME);
  }
  void release(Bytes bytes) {
    free_ += bytes;
    changed_.notify(sc_core::SC_ZERO_TIME);
  }

 private:
  Bytes free_;
  int next_ = 0, served_ = 0;
  sc_core::sc_event changed_;
};

}  // namespace ridgeline::sim
