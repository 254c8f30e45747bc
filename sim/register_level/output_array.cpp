#include "sim/register_level/output_array.hpp"

#include <algorithm>
#include <cassert>

namespace ridgeline::sim::register_level {

OutputArray::OutputArray(const PeArray& array, const GlobalBuffer& buffer,
                         std::span<std::int64_t> ofmap)
    : array_(array),
      buffer_(buffer),
      ofmap_(ofmap),
      queues_(array.cols, buffer.psum_in_words_per_cycle, buffer.psum_out_words_per_cycle) {
  const auto rows = static_cast<std::size_t>(array.rows);
  const auto cols = static_cast<std::size_t>(array.cols);
  now_.psums.resize(rows * cols);
  now_.done.resize(rows * cols);
  now_.right.resize(rows * cols);
  now_.down.resize(rows * cols);
  now_.row_skew.resize(rows * rows);
  now_.col_skew.resize(cols * cols);
  next_ = now_;
  row_entering_.resize(rows);
  col_entering_.resize(cols);
  scan_.resize(cols);
}

int OutputArray::rows() const {
  return array_.shorten_edge_passes ? passes_[running_].rows : array_.rows;
}
int OutputArray::cols() const {
  return array_.shorten_edge_passes ? passes_[running_].cols : array_.cols;
}

void OutputArray::begin_tile(std::vector<OutputWork> passes) {
  assert(!busy());
  passes_ = std::move(passes);
  running_ = 0;
  begin_pass();
}

void OutputArray::begin_pass() {
  row_words_ = col_words_ = 0;
  entered_ = 0;
  wave_over_ = false;
  std::ranges::fill(scan_, 0);
  now_.done.assign(now_.done.size(), false);
}

/// A word for each row and one for each column enter together, once all have crossed their ports.
void OutputArray::enter_words() {
  std::ranges::fill(row_entering_, Word{});
  std::ranges::fill(col_entering_, Word{});
  const OutputWork& work = passes_[running_];
  if (entered_ == work.depth) return;
  row_words_ += buffer_.ifmap_words_per_cycle;
  col_words_ += buffer_.filter_words_per_cycle;
  if (row_words_ < std::int64_t{work.rows} * (entered_ + 1)) return;
  if (col_words_ < std::int64_t{work.cols} * (entered_ + 1)) return;
  for (int row = 0; row < rows(); ++row) {
    const auto index = static_cast<std::size_t>(entered_ * work.rows + row);
    row_entering_[static_cast<std::size_t>(row)] = {row < work.rows ? work.row_words[index] : 0,
                                                    entered_};
  }
  for (int col = 0; col < cols(); ++col) {
    const auto index = static_cast<std::size_t>(entered_ * work.cols + col);
    col_entering_[static_cast<std::size_t>(col)] = {col < work.cols ? work.col_words[index] : 0,
                                                    entered_};
  }
  ++entered_;
}

void OutputArray::clock_skew() {
  const auto shift = [](int lines, const std::vector<Word>& entering, const std::vector<Word>& now,
                        std::vector<Word>& next) {
    for (int line = 1; line < lines; ++line) {
      const auto stages = static_cast<std::size_t>(line * lines);
      next[stages] = entering[static_cast<std::size_t>(line)];
      for (std::size_t i = 1; i < static_cast<std::size_t>(line); ++i) {
        next[stages + i] = now[stages + i - 1];
      }
    }
  };
  shift(array_.rows, row_entering_, now_.row_skew, next_.row_skew);
  shift(array_.cols, col_entering_, now_.col_skew, next_.col_skew);
}

void OutputArray::clock_pe(int row, int col) {
  const auto edge = [&](int line, int lines, const std::vector<Word>& entering,
                        const std::vector<Word>& skew) {
    return !systolic() || line == 0 ? entering[static_cast<std::size_t>(line)]
                                    : skew[static_cast<std::size_t>(line * lines + line - 1)];
  };
  const auto here = at(row, col);
  Word along = edge(row, array_.rows, row_entering_, now_.row_skew);
  Word down = edge(col, array_.cols, col_entering_, now_.col_skew);
  if (systolic() && col > 0) along = now_.right[at(row, col - 1)];
  if (systolic() && row > 0) down = now_.down[at(row - 1, col)];
  next_.right[here] = along;
  next_.down[here] = down;
  next_.psums[here] = now_.psums[here];
  next_.done[here] = now_.done[here];
  if (!along.valid() || !down.valid()) return;
  assert(along.index == down.index);
  const OutputWork& work = passes_[running_];
  const bool starts = work.first && along.index == 0;
  next_.psums[here] =
      (starts ? 0 : now_.psums[here]) + std::int64_t{along.value} * std::int64_t{down.value};
  if (along.index + 1 < work.depth) return;
  next_.done[here] = true;
  if (row + 1 == rows() && col + 1 == cols()) wave_over_ = true;
}

/// The bus takes a psum in the cycle in which it is done, at the earliest.
void OutputArray::clock_output_bus(int col) {
  const OutputWork& work = passes_[running_];
  int& row = scan_[static_cast<std::size_t>(col)];
  if (!work.last || row == rows() || !next_.done[at(row, col)]) return;
  if (row < work.rows && col < work.cols) {
    const auto index = static_cast<std::size_t>(row * work.cols + col);
    queues_.push(col, {next_.psums[at(row, col)], work.ofmap[index], true});
  }
  ++row;
}

bool OutputArray::pass_is_over() const {
  if (!passes_[running_].last) return wave_over_;
  for (int col = 0; col < cols(); ++col) {
    if (scan_[static_cast<std::size_t>(col)] < rows()) return false;
  }
  return queues_.empty();
}

void OutputArray::clock() {
  enter_words();
  clock_skew();
  for (int row = 0; row < array_.rows; ++row) {
    for (int col = 0; col < array_.cols; ++col) clock_pe(row, col);
  }
  for (int col = 0; col < cols(); ++col) clock_output_bus(col);
  queues_.clock(ofmap_);
  std::swap(now_, next_);
  if (pass_is_over() && ++running_ < passes_.size()) begin_pass();
}

}  // namespace ridgeline::sim::register_level
