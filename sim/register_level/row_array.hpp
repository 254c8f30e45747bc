#pragma once

#include <span>
#include <vector>

#include "models/arch/architecture.hpp"
#include "sim/register_level/row_pe.hpp"
#include "sim/register_level/work.hpp"

namespace ridgeline::sim::register_level {

/// Every register of the array of rs, whose PEs (row_pe.hpp) slide filter rows over ifmap rows in
/// sets that lie as row_placement.hpp says. Rows count from the foot of the array upwards.
///
/// - Psums go up a chain of PEs, one a cycle, so each PE works a cycle behind the one below. The
///   order to start a column goes up in front of them, a register a PE.
/// - Broadcast fabric: buses take a word in the cycle in which it crosses its port to all PEs that
///   it is addressed to, and an order to the feet of all chains.
/// - Systolic fabric: words and orders enter at the foot of the first column and are handed on up
///   that column and along the rows, so that everything comes to PE (row, col) row + col cycles
///   late, whatever the stride. So psums find each PE of their chain a cycle behind the one below.
/// - The routes of the networks are those of one pass: its words enter when its filters are in and
///   the pass before has left. With preload, filters have a bank of their own to go to, from the
///   cycle in which a pass begins: a mark then has the PEs change banks.
/// - Columns go through three stages, which take them one after another: words in, work, psums out.
///   Each column begins in a new cycle of its ports, as it begins a new row of buffers as wide as
///   they are. Work on it begins when all its ifmap words and psums are in, for the PEs keep step
///   and could not wait one by one, and a foot needs its psums for its first MACs. The port takes
///   its psums when the tops of all chains have ended it, in one burst without gaps.
/// - Queues between the stages are as deep as they need to be.
/// - The controller of an array that does not shorten its edge passes knows one end of a column
///   only, that of the farthest PE: a mark goes all the way from the first PE's end.
class RowArray {
 public:
  RowArray(const PeArray& array, const GlobalBuffer& buffer, std::span<std::int64_t> ofmap);

  void begin_tile(std::vector<RowWork> passes);
  void clock();
  [[nodiscard]] bool busy() const { return running_ < passes_.size(); }
  [[nodiscard]] bool settled() const { return quiet_cycles_ > far_end_.size(); }

 private:
  [[nodiscard]] std::size_t at(int row, int col) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(array_.cols) +
           static_cast<std::size_t>(col);
  }
  [[nodiscard]] bool systolic() const { return array_.fabric == Fabric::systolic; }
  [[nodiscard]] const RowPass& pass() const { return passes_[running_]; }
  [[nodiscard]] std::size_t columns() const { return pass().work.columns.size(); }
  template <class Sent>
  [[nodiscard]] const Sent& handed_on(const Sent& sent, const std::vector<Sent>& now, int row,
                                      int col) const;

  void begin_pass();
  void load_filters();
  void give_order();
  void bring_ifmap();
  void bring_psums();
  [[nodiscard]] bool column_is_complete() const;
  void take_psums();
  void clock_pe(int row, int col);
  void clock_far_end();

  PeArray array_;
  GlobalBuffer buffer_;
  std::span<std::int64_t> ofmap_;
  std::vector<RowPass> passes_;
  std::vector<RowPe> pes_;
  std::vector<RowSum> sums_now_, sums_next_;           // on their way up
  std::vector<int> orders_now_, orders_next_;          // on their way, as the column's new taps
  std::vector<RowPacket> packets_now_, packets_next_;  // on their way; systolic
  std::vector<bool> far_end_;                          // the way of such marks

  // The controller: which pass loads and which runs, and how far the stages are.
  std::size_t running_ = 0, loaded_ = 0, filter_words_ = 0;
  bool streaming_ = false, begins_ = false;  // a pass
  RowPacket packet_;
  int order_ = 0;
  std::size_t ifmap_columns_ = 0, ifmap_words_ = 0;  // in; of the column after them
  std::size_t psum_columns_ = 0, psum_words_ = 0;
  std::size_t ordered_ = 0;  // columns
  int busy_cycles_ = 0;      // until the feet end the last of them
  std::size_t out_columns_ = 0, out_words_ = 0;
  std::size_t top_ = 0;           // whose psums leave
  int top_words_ = 0;             // that have left it
  std::size_t quiet_cycles_ = 0;  // since the last pass ended, for what is still on its way
  std::size_t marks_ = 0;         // that have come to the far end
};

}  // namespace ridgeline::sim::register_level
