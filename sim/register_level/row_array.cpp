#include "sim/register_level/row_array.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace ridgeline::sim::register_level {
namespace {

/// The next words of `words` that cross a port in a cycle; counts them in `crossed`.
template <class Word>
std::span<const Word> cross(const std::vector<Word>& words, std::size_t& crossed, int port) {
  const std::size_t count = std::min(words.size() - crossed, static_cast<std::size_t>(port));
  return std::span(words).subspan(std::exchange(crossed, crossed + count), count);
}

}  // namespace

RowArray::RowArray(const PeArray& array, const GlobalBuffer& buffer, std::span<std::int64_t> ofmap)
    : array_(array), buffer_(buffer), ofmap_(ofmap) {
  const auto pes = static_cast<std::size_t>(array.rows * array.cols);
  for (std::size_t i = 0; i < pes; ++i) pes_.emplace_back(array, i);
  sums_now_.resize(pes);
  sums_next_.resize(pes);
  orders_now_.resize(pes);
  orders_next_.resize(pes);
  packets_now_.resize(pes);
  packets_next_.resize(pes);
  far_end_.resize(static_cast<std::size_t>(array.rows - 1 + (systolic() ? array.cols - 1 : 0)));
}

void RowArray::begin_tile(std::vector<RowWork> passes) {
  assert(!busy());
  passes_.clear();
  for (RowWork& work : passes) {
    RowPlacement places = place_rows(array_, work);
    passes_.push_back({std::move(work), std::move(places)});
  }
  running_ = loaded_ = quiet_cycles_ = 0;
}

void RowArray::begin_pass() {
  streaming_ = begins_ = true;
  ifmap_columns_ = ifmap_words_ = psum_columns_ = psum_words_ = 0;
  ordered_ = out_columns_ = out_words_ = top_ = marks_ = 0;
  busy_cycles_ = 0;
}

void RowArray::load_filters() {
  const std::size_t next = array_.preload && streaming_ ? running_ + 1 : running_;
  if (loaded_ > next || next == passes_.size()) return;
  const auto& words = passes_[next].work.filters;
  packet_.filter_pass = &passes_[next];
  packet_.filters = cross(words, filter_words_, buffer_.filter_words_per_cycle);
  if (filter_words_ < words.size()) return;
  filter_words_ = 0;
  ++loaded_;
}

/// Has the PEs start a column whose words crossed the ports before this cycle.
void RowArray::give_order() {
  if (busy_cycles_ > 0 || ordered_ == ifmap_columns_) return;
  const RowWork& work = pass().work;
  if (!work.first && ordered_ == psum_columns_) return;
  order_ = work.columns[ordered_++].new_taps;
  busy_cycles_ = work.S * pass().places.channels * pass().places.filters;
}

/// A mark enters as the feet end a column.
void RowArray::clock_far_end() {
  far_end_.insert(far_end_.begin(), busy_cycles_ > 0 && --busy_cycles_ == 0);
  if (far_end_.back()) ++marks_;
  far_end_.pop_back();
}

void RowArray::bring_ifmap() {
  if (ifmap_columns_ == columns()) return;
  const auto& words = pass().work.columns[ifmap_columns_].words;
  packet_.ifmap = cross(words, ifmap_words_, buffer_.ifmap_words_per_cycle);
  if (ifmap_words_ < words.size()) return;
  ifmap_words_ = 0;
  ++ifmap_columns_;
}

void RowArray::bring_psums() {
  if (pass().work.first || psum_columns_ == columns()) return;
  auto& words = passes_[running_].work.columns[psum_columns_].psums;
  const std::size_t from = psum_words_;
  packet_.psums = cross(words, psum_words_, buffer_.psum_in_words_per_cycle);
  for (std::size_t i = from; i < psum_words_; ++i) words[i].value = ofmap_[words[i].ofmap];
  if (psum_words_ < words.size()) return;
  psum_words_ = 0;
  ++psum_columns_;
}

bool RowArray::column_is_complete() const {
  if (!array_.shorten_edge_passes && marks_ == out_columns_) return false;
  return std::ranges::all_of(pass().places.tops,
                             [&](std::size_t pe) { return pes_[pe].columns_up() > 0; });
}

/// A column's psums leave chain by chain.
void RowArray::take_psums() {
  if (out_words_ == 0 && !column_is_complete()) return;
  const RowPlacement& places = pass().places;
  const auto& column = pass().work.columns[out_columns_].psums;
  for (int port = 0; port < buffer_.psum_out_words_per_cycle && out_words_ < column.size();
       ++port) {
    const std::size_t pe = places.tops[top_];
    const RowRole& role = places.roles[pe];
    const int filter = role.filters.begin + top_words_;
    const auto word = static_cast<std::size_t>(filter * pass().work.P + role.p);
    ofmap_[column[word].ofmap] = pes_[pe].take_psum();
    ++out_words_;
    if (++top_words_ < role.filters.size()) continue;
    pes_[pe].end_column();
    ++top_;
    top_words_ = 0;
  }
  if (out_words_ < column.size()) return;
  out_words_ = top_ = 0;
  ++out_columns_;
}

/// What comes to a PE of a systolic fabric: in the first column from below, else from the left.
template <class Sent>
const Sent& RowArray::handed_on(const Sent& sent, const std::vector<Sent>& now, int row,
                                int col) const {
  if (row + col == 0) return sent;
  return now[col > 0 ? at(row, col - 1) : at(row - 1, 0)];
}

void RowArray::clock_pe(int row, int col) {
  const auto here = at(row, col);
  const RowSum below = row == 0 ? RowSum{} : sums_now_[at(row - 1, col)];
  if (systolic()) {
    packets_next_[here] = handed_on(packet_, packets_now_, row, col);
    orders_next_[here] = handed_on(order_, orders_now_, row, col);
    sums_next_[here] = pes_[here].clock(packets_next_[here], orders_next_[here], below);
    return;
  }
  const bool follows = busy() && pass().places.roles[here].used && !pass().places.roles[here].foot;
  orders_next_[here] = follows ? orders_now_[at(row - 1, col)] : order_;
  sums_next_[here] = pes_[here].clock(packet_, orders_next_[here], below);
}

void RowArray::clock() {
  packet_ = {.pass = streaming_ ? &pass() : nullptr, .begins = std::exchange(begins_, false)};
  order_ = 0;
  load_filters();
  if (streaming_) {
    clock_far_end();
    give_order();
    bring_ifmap();
    bring_psums();
    take_psums();
  }
  for (int row = 0; row < array_.rows; ++row) {
    for (int col = 0; col < array_.cols; ++col) clock_pe(row, col);
  }
  std::swap(sums_now_, sums_next_);
  std::swap(orders_now_, orders_next_);
  std::swap(packets_now_, packets_next_);
  if (streaming_ && out_columns_ == columns()) {
    streaming_ = false;
    ++running_;
  }
  if (!streaming_ && loaded_ > running_) begin_pass();
  if (!busy()) ++quiet_cycles_;
}

}  // namespace ridgeline::sim::register_level
