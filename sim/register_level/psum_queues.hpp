#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace ridgeline::sim::register_level {

/// A sum at the foot of a column, on its way to its psum in the global buffer.
struct ColumnSum {
  std::int64_t value = 0;
  std::size_t address = 0;
  bool starts = false;  ///< overwrites the psum instead of being added to it
};

/// The queues between the feet of the columns and the psum ports of the global buffer. A psum is
/// read, added to and written in one cycle, so that a sum that follows at once finds the new value.
class PsumQueues {
 public:
  PsumQueues(int columns, int reads_per_cycle, int writes_per_cycle)
      : queues_(static_cast<std::size_t>(columns)),
        reads_(reads_per_cycle),
        writes_(writes_per_cycle) {}

  void push(int column, const ColumnSum& sum) {
    queues_[static_cast<std::size_t>(column)].push_back(sum);
    longest_ = std::max(longest_, ++waiting_);
  }
  /// One cycle of the ports, the columns in turn.
  void clock(std::span<std::int64_t> psums) {
    int reads = reads_, writes = writes_;
    for (std::size_t idle = 0; idle < queues_.size() && writes > 0 && waiting_ > 0;) {
      auto& queue = queues_[turn_];
      if (queue.empty() || (!queue.front().starts && reads == 0)) {
        ++idle;
      } else {
        const ColumnSum sum = queue.front();
        queue.pop_front();
        psums[sum.address] = sum.value + (sum.starts ? 0 : psums[sum.address]);
        if (!sum.starts) --reads;
        --writes;
        --waiting_;
        idle = 0;
      }
      turn_ = (turn_ + 1) % queues_.size();
    }
  }
  [[nodiscard]] bool empty() const { return waiting_ == 0; }
  /// Most sums that ever waited.
  [[nodiscard]] std::size_t longest() const { return longest_; }

 private:
  std::vector<std::deque<ColumnSum>> queues_;
  int reads_, writes_;
  std::size_t turn_ = 0, waiting_ = 0, longest_ = 0;
};

}  // namespace ridgeline::sim::register_level
