#pragma once

#include <span>
#include <vector>

#include "models/arch/architecture.hpp"
#include "sim/register_level/psum_queues.hpp"
#include "sim/register_level/work.hpp"

namespace ridgeline::sim::register_level {

/// Every register of the array of os_gemm, whose PEs keep one psum each.
///
/// - A PE holds its psum and, on a systolic fabric, the word that goes on to the right and the one
///   that goes on downwards. Skew registers at the edges make row x x cycles and column m m cycles
///   late. On a broadcast fabric a bus a row and a bus a column reach all PEs at once.
/// - Each column has an output bus that takes a psum a cycle, row after row, as soon as it is done,
///   to a queue at the psum port. The pass has ended when the last one has crossed the port.
/// - An array that does not shorten its edge passes computes and scans all rows and columns, and
///   drops what no operand went into.
class OutputArray {
 public:
  OutputArray(const PeArray& array, const GlobalBuffer& buffer, std::span<std::int64_t> ofmap);

  void begin_tile(std::vector<OutputWork> passes);
  void clock();
  [[nodiscard]] bool busy() const { return running_ < passes_.size(); }
  [[nodiscard]] bool settled() const { return !busy(); }

 private:
  struct Word {
    int value = 0, index = -1;  ///< of the depth; no index, no word
    [[nodiscard]] bool valid() const { return index >= 0; }
  };
  struct Registers {
    std::vector<std::int64_t> psums;
    std::vector<bool> done;
    std::vector<Word> right, down;         // systolic
    std::vector<Word> row_skew, col_skew;  // [row][stage], [col][stage]; systolic
  };

  [[nodiscard]] std::size_t at(int row, int col) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(array_.cols) +
           static_cast<std::size_t>(col);
  }
  [[nodiscard]] bool systolic() const { return array_.fabric == Fabric::systolic; }
  [[nodiscard]] int rows() const;
  [[nodiscard]] int cols() const;

  void begin_pass();
  void enter_words();
  void clock_skew();
  void clock_pe(int row, int col);
  void clock_output_bus(int col);
  [[nodiscard]] bool pass_is_over() const;

  PeArray array_;
  GlobalBuffer buffer_;
  std::span<std::int64_t> ofmap_;
  std::vector<OutputWork> passes_;
  Registers now_, next_;
  PsumQueues queues_;

  std::size_t running_ = 0;
  std::int64_t row_words_ = 0, col_words_ = 0;  // that have crossed the ports
  int entered_ = 0;
  bool wave_over_ = false;  // the last PE has had its last word
  std::vector<Word> row_entering_, col_entering_;
  std::vector<int> scan_;  // next row for the output bus of each column
};

}  // namespace ridgeline::sim::register_level
