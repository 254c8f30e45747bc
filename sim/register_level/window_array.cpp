#include "sim/register_level/window_array.hpp"

#include <algorithm>
#include <cassert>

namespace ridgeline::sim::register_level {

WindowArray::WindowArray(const PeArray& array, const GlobalBuffer& buffer,
                         std::span<std::int64_t> ofmap)
    : array_(array),
      ifmap_port_(buffer.ifmap_words_per_cycle),
      psum_port_(buffer.psum_out_words_per_cycle),
      ofmap_(ofmap) {
  const auto pes = static_cast<std::size_t>(array.rows * array.cols);
  psums_.resize(pes * static_cast<std::size_t>(array.psums_per_pe));
  weights_now_.resize(pes);
  weights_next_.resize(pes);
  ifmap_now_.resize(pes);
  ifmap_next_.resize(pes);
}

void WindowArray::begin_tile(std::vector<WindowWork> passes) {
  assert(!busy());
  passes_ = std::move(passes);
  const Window& w = passes_.front().window;
  taps_ = static_cast<std::size_t>(w.R * w.S);
  windows_.assign(2 * weights_now_.size() * taps_, 0);
  running_ = 0;
  phase_ = Phase::load;
  begin_load(0, 0);
  while (next_phase()) {
  }
}

void WindowArray::begin_load(std::size_t pass, std::size_t channel) {
  load_pass_ = &passes_[pass];
  to_load_ = load_pass_->blocks[channel];
  load_set_ = 1 - load_set_;
}

void WindowArray::begin_channel(std::size_t channel) {
  channel_ = channel;
  weight_ = 0;
  use_set_ = load_set_;
  if (channel + 1 < channels()) {
    begin_load(running_, channel + 1);
  } else if (array_.preload && running_ + 1 < passes_.size()) {
    begin_load(running_ + 1, 0);
    next_pass_loads_ = true;
  }
}

/// The mark of the end goes out in the last cycle of the pass's channels, with its last weight if
/// there is one.
void WindowArray::end_channels() {
  phase_ = Phase::wave;
  wave_over_ = false;
  weight_sent_.ends_pass = true;
  weight_sent_.rows = reach_rows();
  weight_sent_.cols = reach_cols();
}

void WindowArray::end_pass() {
  ++running_;
  phase_ = Phase::load;
  if (busy() && !next_pass_loads_) begin_load(running_, 0);
  next_pass_loads_ = false;
}

/// What the controller does between two cycles: whether something new begins.
bool WindowArray::next_phase() {
  if (!busy()) return false;
  switch (phase_) {
    case Phase::load:
      if (!to_load_.empty()) return false;
      phase_ = Phase::channels;
      begin_channel(0);
      return true;
    case Phase::channels:
      if (weight_ < pass().weights[channel_].size()) return false;
      if (channel_ + 1 < channels()) {
        if (!to_load_.empty()) return false;
        begin_channel(channel_ + 1);
        return true;
      }
      end_channels();
      return true;
    case Phase::wave:
      if (!wave_over_) return false;
      phase_ = Phase::drain;
      drained_ = 0;
      return true;
    case Phase::drain:
      break;
  }
  if (pass().last && drained_ < pass().ofmap.size()) return false;
  end_pass();
  return true;
}

void WindowArray::send() {
  weight_sent_ = {};
  ifmap_sent_ = {};
  if (phase_ == Phase::channels && weight_ < pass().weights[channel_].size()) {
    weight_sent_ = {.word = &pass().weights[channel_][weight_++],
                    .pass = &pass(),
                    .rows = reach_rows(),
                    .cols = reach_cols(),
                    .set = use_set_};
  }
  if (to_load_.empty()) return;
  const std::size_t words = std::min(to_load_.size(), static_cast<std::size_t>(ifmap_port_));
  ifmap_sent_ = {.words = to_load_.first(words),
                 .pass = load_pass_,
                 .rows = load_pass_->p.size(),
                 .cols = load_pass_->q.size(),
                 .set = load_set_};
  to_load_ = to_load_.subspan(words);
}

/// What PE (p, q) gets this cycle, if it is one of those that it is meant for.
template <class Sent>
Sent WindowArray::arriving(const Sent& sent, const std::vector<Sent>& now, int p, int q) const {
  const bool handed_on = array_.fabric == Fabric::systolic && p + q > 0;
  const Sent& here = !handed_on ? sent : now[q > 0 ? at(p, q - 1) : at(p - 1, 0)];
  return p < here.rows && q < here.cols ? here : Sent{};
}

/// Takes the words that the PE's window holds.
void WindowArray::take_ifmap(const Ifmap& ifmap, int p, int q) {
  const Window& w = ifmap.pass->window;
  const int top = (ifmap.pass->p.begin + p) * w.stride[0] - w.pad[0];
  const int left = (ifmap.pass->q.begin + q) * w.stride[1] - w.pad[1];
  for (const IfmapWord& word : ifmap.words) {
    const int down = word.h - top;
    if (down < 0 || down % w.dilation[0] != 0 || down / w.dilation[0] >= w.R) continue;
    const int along = word.w - left;
    if (along < 0 || along % w.dilation[1] != 0 || along / w.dilation[1] >= w.S) continue;
    const int tap = down / w.dilation[0] * w.S + along / w.dilation[1];
    window(ifmap.set, p, q, tap) = word.value;
  }
}

/// Taps on padding are gated: no word was loaded for them.
void WindowArray::multiply(const Weight& weight, int p, int q) {
  const WindowWork& work = *weight.pass;
  if (p >= work.p.size() || q >= work.q.size()) return;
  const Window& w = work.window;
  const WeightWord& word = *weight.word;
  const int h = (work.p.begin + p) * w.stride[0] - w.pad[0] + word.r * w.dilation[0];
  const int v = (work.q.begin + q) * w.stride[1] - w.pad[1] + word.s * w.dilation[1];
  if (h < 0 || h >= work.H || v < 0 || v >= work.W) return;
  psum(p, q, word.filter) +=
      std::int64_t{word.value} * window(weight.set, p, q, word.r * w.S + word.s);
}

void WindowArray::drain() {
  const WindowWork& work = pass();
  const auto filters = static_cast<std::size_t>(work.filters);
  const auto cols = static_cast<std::size_t>(work.q.size());
  for (int port = 0; port < psum_port_ && drained_ < work.ofmap.size(); ++port, ++drained_) {
    const int p = static_cast<int>(drained_ / filters / cols);
    const int q = static_cast<int>(drained_ / filters % cols);
    std::int64_t& from = psum(p, q, static_cast<int>(drained_ % filters));
    ofmap_[work.ofmap[drained_]] = from;
    from = 0;
  }
}

void WindowArray::clock() {
  send();
  if (phase_ == Phase::drain && pass().last) drain();
  while (next_phase()) {
  }
  for (int p = 0; p < array_.rows; ++p) {
    for (int q = 0; q < array_.cols; ++q) {
      const Weight weight = arriving(weight_sent_, weights_now_, p, q);
      const Ifmap ifmap = arriving(ifmap_sent_, ifmap_now_, p, q);
      weights_next_[at(p, q)] = weight;
      ifmap_next_[at(p, q)] = ifmap;
      if (weight.word != nullptr) multiply(weight, p, q);
      if (ifmap.pass != nullptr) take_ifmap(ifmap, p, q);
      if (weight.ends_pass && p + 1 == weight.rows && q + 1 == weight.cols) wave_over_ = true;
    }
  }
  std::swap(weights_now_, weights_next_);
  std::swap(ifmap_now_, ifmap_next_);
  while (next_phase()) {
  }
}

}  // namespace ridgeline::sim::register_level
