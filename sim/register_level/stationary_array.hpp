#pragma once

#include <span>
#include <vector>

#include "models/arch/architecture.hpp"
#include "sim/register_level/psum_queues.hpp"
#include "sim/register_level/work.hpp"

namespace ridgeline::sim::register_level {

/// Every register of an array in which a block of one operand stays: ws, ws_gemm, is_gemm.
///
/// - A PE holds a stationary word, a shadow of the next one, a psum, and on a systolic fabric the
///   word that goes on to the right and the load that goes on downwards.
/// - Row r gets everything r cycles late, through r skew registers at the edge (words) or because
/// it
///   is handed down row by row (loads); on a systolic fabric column c is c cycles later still. So
///   each PE sees the same sequence: loads, the order to take over the shadow, words. The order is
///   given in the first cycle of a pass, even if its first vector is still on its way through the
///   port: from then on the shadow registers are free.
/// - Loads on a broadcast fabric: a bus as wide as the port with a register a row; each row takes
///   the words that are addressed to it. On a systolic fabric: one word a column and cycle, handed
///   down until it is where it belongs.
/// - Sums leave a column at the foot of the array. Where passes do not overlap and are shortened,
///   they leave at the last row in use.
/// - A vector enters when all its words have crossed the port and the psum ports have had the
///   cycles that its sums need; so the queues at the feet stay short.
class StationaryArray {
 public:
  StationaryArray(const PeArray& array, const GlobalBuffer& buffer, std::span<std::int64_t> ofmap);

  void begin_tile(std::vector<StationaryWork> passes);
  void clock();
  [[nodiscard]] bool busy() const { return ended_ < passes_.size(); }
  [[nodiscard]] bool settled() const { return !busy() && queues_.empty(); }
  [[nodiscard]] const PsumQueues& queues() const { return queues_; }

 private:
  /// What comes along a row: a word of a vector, whose tag says of which (no tag, no word), and
  /// the order to take over the shadow register first.
  struct Word {
    int value = 0, pass = -1, vector = 0;
    bool take_over = false;
    [[nodiscard]] bool valid() const { return pass >= 0; }
  };
  struct Load {
    int value = 0, row = -1, col = 0;
  };
  struct Psum {
    std::int64_t value = 0;
    int pass = -1, vector = 0;
  };
  /// The registers of the whole array, row after row.
  struct Registers {
    std::vector<int> stationary, shadow;
    std::vector<Word> words;      // on their way right; systolic
    std::vector<Word> skew;       // [row][stage]: row r uses r stages
    std::vector<Psum> psums;      // on their way down
    std::vector<Load> loads;      // on their way down; systolic
    std::vector<Load> load_skew;  // [col][stage]; systolic
    std::vector<Load> bus;        // [row][lane]; broadcast
  };

  [[nodiscard]] std::size_t at(int row, int col) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(array_.cols) +
           static_cast<std::size_t>(col);
  }
  [[nodiscard]] bool systolic() const { return array_.fabric == Fabric::systolic; }
  [[nodiscard]] const StationaryWork& pass(int index) const {
    return passes_[static_cast<std::size_t>(index)];
  }
  /// Rows and columns that the words of a pass go through.
  [[nodiscard]] int depth_of(const StationaryWork& work) const;
  [[nodiscard]] int reach_of(const StationaryWork& work) const;

  void begin_load();
  void begin_pass();
  void advance();
  void load_over_port();
  void load_broadcast(const StationaryWork& work);
  void load_systolic(const StationaryWork& work);
  void enter_vector();
  void clock_edges();
  void clock_pe(int row, int col);
  void clock_load_path(int row, int col);
  void take_sum(const Psum& psum, int row, int col);

  PeArray array_;
  int psum_in_, psum_out_;
  std::span<std::int64_t> ofmap_;
  std::vector<StationaryWork> passes_;
  Registers now_, next_;
  PsumQueues queues_;
  int bus_lanes_ = 0;

  // The controller: which pass loads and which runs, and how far they are.
  int loading_ = -1, loaded_ = -1, running_ = -1;
  std::size_t ended_ = 0;
  std::int64_t load_words_ = 0;    // that have crossed the port
  int load_rows_left_ = 0;         // systolic: not yet handed to the columns
  std::int64_t vector_words_ = 0;  // that have crossed the port
  std::int64_t psum_credit_ = 0;   // psums that the ports have had cycles for
  int entered_ = 0;                // vectors of the running pass
  bool take_over_ = false;         // the running pass has not given the order yet
  bool drained_ = true;            // the running pass's last sum has arrived
  std::vector<Word> entering_;     // by row
  std::vector<Load> heads_;        // by column; systolic
  std::vector<Load> crossing_;     // by lane; broadcast
};

}  // namespace ridgeline::sim::register_level
