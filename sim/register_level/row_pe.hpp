#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "models/arch/architecture.hpp"
#include "sim/register_level/row_placement.hpp"
#include "sim/register_level/work.hpp"

namespace ridgeline::sim::register_level {

/// A pass of rs with the places of its sets.
struct RowPass {
  RowWork work{};
  RowPlacement places{};
};

/// What the networks carry in a cycle, each word with its address: ifmap words, psums and the mark
/// that a pass begins; filter words, which may be the next pass's.
struct RowPacket {
  const RowPass* pass = nullptr;
  bool begins = false;
  std::span<const RowIfmapWord> ifmap{};
  std::span<const RowPsumWord> psums{};
  const RowPass* filter_pass = nullptr;
  std::span<const RowFilterWord> filters{};
};

/// A psum between two PEs of a chain: of which of their filters, none if negative.
struct RowSum {
  std::int64_t value = 0;
  int filter = -1;
};

/// A PE of rs.
///
/// - Register files: p x q x S filter words, twice where filters are preloaded; a window of S ifmap
///   words of q channels, used as a ring, as a new word takes the place of one that no column needs
///   any more; p psums. In front of it a queue of ifmap words; a queue of psums read at the foot of
///   a chain, of complete ones at its top.
/// - A column of the ofmap row takes S q p cycles, one MAC each: for each tap, for each channel,
/// all
///   filters. A new ifmap word is taken from the queue in the cycle in which it is first used, so
///   that neither register file writes more than one word a cycle.
/// - A psum starts at zero or, at the foot of a chain, with what was read. In its last round (last
///   tap and channel) an adder behind the MAC adds the sum from the PE below, and the result goes
///   up. So a PE must be one cycle behind the one below, and nothing waits between them.
class RowPe {
 public:
  RowPe(const PeArray& array, std::size_t index);

  /// One cycle. @param new_taps of the column that the PE is to start, 0 for none
  /// @param below the sum that the PE below sent up a cycle before
  /// @return the sum that goes up
  RowSum clock(const RowPacket& packet, int new_taps, const RowSum& below);

  /// At the top of a chain: columns whose psums wait here. A PE with fewer filters than others ends
  /// a column with them.
  [[nodiscard]] int columns_up() const { return columns_up_; }
  [[nodiscard]] std::int64_t take_psum();
  /// The last psum of a column has been taken.
  void end_column() { --columns_up_; }

 private:
  [[nodiscard]] const RowRole& role_in(const RowPass& pass) const {
    return pass.places.roles[index_];
  }
  [[nodiscard]] bool queues_are_empty() const {
    return ifmap_queue_.empty() && psum_queue_.empty() && complete_.empty();
  }
  void begin_pass(const RowPass& pass);
  void begin_column(int new_taps);
  void take_filters(const RowPass& pass, std::span<const RowFilterWord> words);
  void take_words(const RowPacket& packet);
  [[nodiscard]] int& window(int tap, int channel) {
    const int place = (ring_ + tap) % pass_->work.S * pass_->places.channels + channel;
    return window_.at(static_cast<std::size_t>(place));
  }
  [[nodiscard]] int& filter_word(int bank, const RowPass& pass, int filter, int channel, int tap) {
    const int place = (filter * pass.places.channels + channel) * pass.work.S + tap;
    return filters_[bank].at(static_cast<std::size_t>(place));
  }
  RowSum multiply(const RowSum& below);
  void next_mac();

  std::size_t index_;
  bool preload_;
  std::vector<int> filters_[2];  // [filter][channel][tap]
  std::vector<int> window_;      // [tap of the ring][channel]
  std::vector<std::int64_t> psums_;
  std::deque<int> ifmap_queue_;
  std::deque<std::int64_t> psum_queue_, complete_;

  const RowPass* pass_ = nullptr;
  int bank_ = 0;                            // of filters, in use
  int ring_ = 0;                            // where the window's first tap is
  int new_taps_ = 0;                        // of this column
  int tap_ = 0, channel_ = 0, filter_ = 0;  // next MAC
  bool working_ = false;
  int columns_up_ = 0;
};

}  // namespace ridgeline::sim::register_level
