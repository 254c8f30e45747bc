#include "sim/register_level/row_pe.hpp"

#include <cassert>

namespace ridgeline::sim::register_level {
namespace {

bool holds(Range range, int index) {
  return index >= range.begin && index < range.end;
}

template <class T>
T pop(std::deque<T>& queue) {
  assert(!queue.empty());
  const T value = queue.front();
  queue.pop_front();
  return value;
}

}  // namespace

RowPe::RowPe(const PeArray& array, std::size_t index)
    : index_(index),
      preload_(array.preload),
      window_(static_cast<std::size_t>(array.ifmap_words_per_pe)),
      psums_(static_cast<std::size_t>(array.psums_per_pe)) {
  for (auto& bank : filters_) bank.resize(static_cast<std::size_t>(array.filter_words_per_pe));
}

std::int64_t RowPe::take_psum() {
  return pop(complete_);
}

void RowPe::begin_pass(const RowPass& pass) {
  assert(!working_ && queues_are_empty());
  pass_ = &pass;
  ring_ = 0;
  if (preload_) bank_ = 1 - bank_;
}

void RowPe::begin_column(int new_taps) {
  assert(!working_);
  working_ = true;
  new_taps_ = new_taps;
  ring_ = (ring_ + new_taps) % pass_->work.S;
  tap_ = channel_ = filter_ = 0;
}

void RowPe::take_filters(const RowPass& pass, std::span<const RowFilterWord> words) {
  const RowRole& role = role_in(pass);
  if (!role.used) return;
  const int bank = preload_ ? 1 - bank_ : bank_;
  for (const RowFilterWord& word : words) {
    if (word.r != role.r || !holds(role.channels, word.channel)) continue;
    if (!holds(role.filters, word.filter)) continue;
    filter_word(bank, pass, word.filter - role.filters.begin, word.channel - role.channels.begin,
                word.s) = word.value;
  }
}

void RowPe::take_words(const RowPacket& packet) {
  if (packet.ifmap.empty() && packet.psums.empty()) return;
  const RowRole& role = role_in(*packet.pass);
  if (!role.used) return;
  for (const RowIfmapWord& word : packet.ifmap) {
    if (word.row != role.ifmap_row || !holds(role.channels, word.channel)) continue;
    ifmap_queue_.push_back(word.value);
  }
  if (!role.foot) return;
  for (const RowPsumWord& word : packet.psums) {
    if (word.row != role.p || !holds(role.filters, word.filter)) continue;
    psum_queue_.push_back(word.value);
  }
}

/// A set may have fewer channels or filters than others; it keeps step with them.
RowSum RowPe::multiply(const RowSum& below) {
  const RowRole& role = role_in(*pass_);
  const bool has_channel = channel_ < role.channels.size();
  const bool is_new = tap_ + new_taps_ >= pass_->work.S;
  if (has_channel && is_new && filter_ == 0) window(tap_, channel_) = pop(ifmap_queue_);
  if (filter_ >= role.filters.size()) return {};
  std::int64_t& psum = psums_.at(static_cast<std::size_t>(filter_));
  if (tap_ == 0 && channel_ == 0) {
    psum = role.foot && !pass_->work.first ? pop(psum_queue_) : 0;
  }
  if (has_channel) {
    psum +=
        std::int64_t{filter_word(bank_, *pass_, filter_, channel_, tap_)} * window(tap_, channel_);
  }
  if (tap_ + 1 < pass_->work.S || channel_ + 1 < pass_->places.channels) return {};
  assert(role.foot || below.filter == filter_);
  const RowSum up{.value = psum + (role.foot ? 0 : below.value), .filter = filter_};
  if (role.top) complete_.push_back(up.value);
  return up;
}

void RowPe::next_mac() {
  if (++filter_ < pass_->places.filters) return;
  filter_ = 0;
  if (++channel_ < pass_->places.channels) return;
  channel_ = 0;
  if (++tap_ < pass_->work.S) return;
  working_ = false;
  if (role_in(*pass_).top) ++columns_up_;
}

RowSum RowPe::clock(const RowPacket& packet, int new_taps, const RowSum& below) {
  if (packet.begins) begin_pass(*packet.pass);
  if (!packet.filters.empty()) take_filters(*packet.filter_pass, packet.filters);
  if (new_taps > 0 && role_in(*pass_).used) begin_column(new_taps);
  RowSum up;
  if (working_) {
    up = multiply(below);
    next_mac();
  }
  take_words(packet);
  return up;
}

}  // namespace ridgeline::sim::register_level
