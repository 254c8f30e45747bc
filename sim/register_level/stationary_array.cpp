#include "sim/register_level/stationary_array.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace ridgeline::sim::register_level {

StationaryArray::StationaryArray(const PeArray& array, const GlobalBuffer& buffer,
                                 std::span<std::int64_t> ofmap)
    : array_(array),
      psum_in_(buffer.psum_in_words_per_cycle),
      psum_out_(buffer.psum_out_words_per_cycle),
      ofmap_(ofmap),
      queues_(array.cols, psum_in_, psum_out_) {
  const auto rows = static_cast<std::size_t>(array.rows);
  const auto cols = static_cast<std::size_t>(array.cols);
  bus_lanes_ = std::min(array.rows * array.cols,
                        std::max(buffer.filter_words_per_cycle, buffer.ifmap_words_per_cycle));
  now_.stationary.resize(rows * cols);
  now_.shadow.resize(rows * cols);
  now_.words.resize(rows * cols);
  now_.skew.resize(rows * rows);
  now_.psums.resize(rows * cols);
  now_.loads.resize(rows * cols);
  now_.load_skew.resize(cols * cols);
  now_.bus.resize(rows * static_cast<std::size_t>(bus_lanes_));
  next_ = now_;
  entering_.resize(rows);
  heads_.resize(cols);
  crossing_.resize(static_cast<std::size_t>(bus_lanes_));
}

int StationaryArray::depth_of(const StationaryWork& work) const {
  return array_.preload || !array_.shorten_edge_passes ? array_.rows : work.rows;
}

int StationaryArray::reach_of(const StationaryWork& work) const {
  if (!systolic()) return 1;
  return array_.preload || !array_.shorten_edge_passes ? array_.cols : work.cols;
}

void StationaryArray::begin_tile(std::vector<StationaryWork> passes) {
  assert(!busy());
  passes_ = std::move(passes);
  ended_ = 0;
  loading_ = loaded_ = running_ = -1;
  drained_ = true;
  begin_load();
}

void StationaryArray::begin_load() {
  loading_ = loaded_ + 1;
  load_words_ = 0;
  load_rows_left_ = array_.shorten_edge_passes ? pass(loading_).rows : array_.rows;
}

void StationaryArray::begin_pass() {
  ++running_;
  vector_words_ = psum_credit_ = 0;
  entered_ = 0;
  take_over_ = true;
  drained_ = false;
  if (array_.preload && running_ + 1 < static_cast<int>(passes_.size())) begin_load();
}

/// What the controller does between two cycles. A pass ends when its last vector has entered, if
/// the next one may follow at once, or when its last sum has arrived.
void StationaryArray::advance() {
  const bool is_last = running_ + 1 == static_cast<int>(passes_.size());
  if (running_ >= 0 && static_cast<int>(ended_) == running_) {
    const bool all_in = entered_ == pass(running_).vectors;
    if (array_.preload && !is_last ? all_in : drained_) ++ended_;
  }
  if (static_cast<int>(ended_) != running_ + 1 || !busy()) return;
  if (loaded_ > running_) {
    begin_pass();
  } else if (loading_ < 0) {
    begin_load();
  }
}

void StationaryArray::load_over_port() {
  std::ranges::fill(heads_, Load{});
  std::ranges::fill(crossing_, Load{});
  if (loading_ < 0) return;
  const StationaryWork& work = pass(loading_);
  if (systolic()) {
    load_systolic(work);
  } else {
    load_broadcast(work);
  }
}

void StationaryArray::load_broadcast(const StationaryWork& work) {
  const std::int64_t all = std::int64_t{work.rows} * work.cols;
  for (int lane = 0; lane < work.load_words_per_cycle && load_words_ < all; ++lane) {
    const int row = static_cast<int>(load_words_ / work.cols);
    const int col = static_cast<int>(load_words_ % work.cols);
    crossing_[static_cast<std::size_t>(lane)] = {work.block[static_cast<std::size_t>(load_words_)],
                                                 row, col};
    ++load_words_;
  }
  if (load_words_ == all) loaded_ = std::exchange(loading_, -1);
}

/// The bottom row goes first. Rows that the block does not have get zeros, which cross no port.
void StationaryArray::load_systolic(const StationaryWork& work) {
  const std::int64_t all = std::int64_t{work.rows} * work.cols;
  load_words_ = std::min(all, load_words_ + work.load_words_per_cycle);
  const int row = load_rows_left_ - 1;
  if (row < work.rows && load_words_ < std::int64_t{work.rows - row} * work.cols) return;
  for (int col = 0; col < work.cols; ++col) {
    const auto index = static_cast<std::size_t>(row * work.cols + col);
    heads_[static_cast<std::size_t>(col)] = {row < work.rows ? work.block[index] : 0, row, col};
  }
  if (--load_rows_left_ == 0) loaded_ = std::exchange(loading_, -1);
}

void StationaryArray::enter_vector() {
  std::ranges::fill(entering_, Word{.take_over = std::exchange(take_over_, false)});
  if (running_ < 0 || entered_ == pass(running_).vectors) return;
  const StationaryWork& work = pass(running_);
  vector_words_ += work.vector_words_per_cycle;
  psum_credit_ += work.first ? psum_out_ : std::min(psum_in_, psum_out_);
  if (vector_words_ < std::int64_t{work.rows} * (entered_ + 1)) return;
  if (psum_credit_ < std::int64_t{work.cols} * (entered_ + 1)) return;
  for (int row = 0; row < depth_of(work); ++row) {
    const auto index = static_cast<std::size_t>(entered_ * work.rows + row);
    Word& word = entering_[static_cast<std::size_t>(row)];
    word.value = row < work.rows ? work.words[index] : 0;
    word.pass = running_;
    word.vector = entered_;
  }
  ++entered_;
}

void StationaryArray::clock_edges() {
  for (int row = 1; row < array_.rows; ++row) {
    const auto stages = static_cast<std::size_t>(row * array_.rows);
    next_.skew[stages] = entering_[static_cast<std::size_t>(row)];
    for (std::size_t i = 1; i < static_cast<std::size_t>(row); ++i) {
      next_.skew[stages + i] = now_.skew[stages + i - 1];
    }
  }
  if (!systolic()) {
    const auto lanes = static_cast<std::size_t>(bus_lanes_);
    std::ranges::copy(crossing_, next_.bus.begin());
    std::copy(now_.bus.begin(), now_.bus.end() - static_cast<std::ptrdiff_t>(lanes),
              next_.bus.begin() + static_cast<std::ptrdiff_t>(lanes));
    return;
  }
  for (int col = 1; col < array_.cols; ++col) {
    const auto stages = static_cast<std::size_t>(col * array_.cols);
    next_.load_skew[stages] = heads_[static_cast<std::size_t>(col)];
    for (std::size_t i = 1; i < static_cast<std::size_t>(col); ++i) {
      next_.load_skew[stages + i] = now_.load_skew[stages + i - 1];
    }
  }
}

/// Takes over the word that is addressed to this PE, if one comes by.
void StationaryArray::clock_load_path(int row, int col) {
  const auto here = at(row, col);
  next_.shadow[here] = now_.shadow[here];
  const auto take = [&](const Load& load) {
    if (load.row == row && load.col == col) next_.shadow[here] = load.value;
  };
  if (systolic()) {
    const auto last = static_cast<std::size_t>(col * array_.cols + col - 1);
    const Load head = col == 0 ? heads_[0] : now_.load_skew[last];
    const Load load = row == 0 ? head : now_.loads[at(row - 1, col)];
    next_.loads[here] = load;
    take(load);
    return;
  }
  const auto lanes = static_cast<std::size_t>(bus_lanes_);
  const Load* const bus =
      row == 0 ? crossing_.data() : now_.bus.data() + static_cast<std::size_t>(row - 1) * lanes;
  for (std::size_t lane = 0; lane < lanes && bus[lane].row >= 0; ++lane) take(bus[lane]);
}

void StationaryArray::clock_pe(int row, int col) {
  const auto here = at(row, col);
  const auto stage = static_cast<std::size_t>(row * array_.rows + row - 1);
  const Word edge = row == 0 ? entering_[0] : now_.skew[stage];
  const Word word = systolic() && col > 0 ? now_.words[at(row, col - 1)] : edge;
  // The controller does not let words go beyond the columns that the pass uses.
  const bool goes_on = word.valid() && col + 1 < reach_of(pass(word.pass));
  next_.words[here] = goes_on ? word : Word{.take_over = word.take_over};
  next_.stationary[here] = word.take_over ? now_.shadow[here] : now_.stationary[here];
  next_.psums[here] = {};
  if (!word.valid()) return;
  const Psum above = row == 0 ? Psum{0, word.pass, word.vector} : now_.psums[at(row - 1, col)];
  assert(above.pass == word.pass && above.vector == word.vector);
  const std::int64_t product = std::int64_t{next_.stationary[here]} * word.value;
  next_.psums[here] = {above.value + product, above.pass, above.vector};
  take_sum(next_.psums[here], row, col);
}

void StationaryArray::take_sum(const Psum& psum, int row, int col) {
  const StationaryWork& work = pass(psum.pass);
  if (row + 1 != depth_of(work)) return;
  if (col < work.cols) {
    const auto index = static_cast<std::size_t>(psum.vector * work.cols + col);
    queues_.push(col, {psum.value, work.ofmap[index], work.first});
  }
  const bool last = psum.vector + 1 == work.vectors && col + 1 >= reach_of(work);
  if (last && psum.pass == running_) drained_ = true;
}

void StationaryArray::clock() {
  if (busy()) {
    load_over_port();
    enter_vector();
  } else {
    std::ranges::fill(entering_, Word{});
    std::ranges::fill(heads_, Load{});
    std::ranges::fill(crossing_, Load{});
  }
  clock_edges();
  for (int row = 0; row < array_.rows; ++row) {
    for (int col = 0; col < array_.cols; ++col) {
      clock_load_path(row, col);
      clock_pe(row, col);
    }
  }
  queues_.clock(ofmap_);
  std::swap(now_, next_);
  if (busy()) advance();
}

}  // namespace ridgeline::sim::register_level
