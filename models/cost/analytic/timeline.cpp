#include "models/cost/analytic/timeline.hpp"

#include <utility>

namespace ridgeline::analytic {

/// Lets the layer's array work and stores end.
void Timeline::drain() {
  advance();
  while (!tokens_.empty() || !stores_.empty()) {
    store_next();
    advance();
  }
}

void Timeline::run_on_vector_unit(const Token& token) {
  const Time begin = std::max({vector_, held_, token.written, token.ready, psum_free_.pop().free});
  const Time work = token.visit.cost->vector;
  cycles_.dram_stall += Cycles(begin - accounted_);
  cycles_.vector_stall += Cycles(work);
  accounted_ = array_ = begin + work;
  if (!layer_.ifmap_on_chip) ifmap_free_.push(array_);
  hand_to_store(token.visit, array_);
}

void Timeline::also_release(bool ifmap, bool filter) {
  if (starting_) enter_layer();
  ifmap = ifmap && !std::exchange(newest_.release_ifmap, newest_.release_ifmap || ifmap);
  filter = filter && !std::exchange(newest_.release_filter, newest_.release_filter || filter);
  if (!tokens_.empty()) {
    Visit& visit = tokens_[tokens_.size() - 1].visit;
    visit.release_ifmap |= ifmap;
    visit.release_filter |= filter;
    return;
  }
  if (ifmap && !layer_.ifmap_on_chip) ifmap_free_.push(array_);
  if (filter) filter_free_.push(array_);
}

std::vector<Timeline::LayerTimes> Timeline::finish() {
  if (starting_) enter_layer();
  drain();
  leave_layer(stored());
  return std::move(done_);
}

void Timeline::take_snapshot(Snapshot& now) {
  if (starting_) enter_layer();
  advance();
  now.used = 0;
  now.at = dma_;
  now.cycles = cycles_;
  now.tokens = tokens_.size();
  now.stores = stores_.size();
  const auto put_plain = [&](Time value) { now.values[now.used++] = value; };
  const auto put = [&](Time time) { put_plain(time - now.at); };
  put(bus_);
  put(array_);
  // What only the array waits for no longer matters once it is past; likewise for the DMA.
  put(std::max(vector_, array_));
  put(stores_.empty() ? std::max(store_, array_) : store_);
  for (auto* halves : {&ifmap_free_, &filter_free_, &residual_free_}) {
    put_plain(halves->size());
    for (unsigned i = 0; i < halves->size(); ++i) put(std::max((*halves)[i], dma_));
  }
  put_plain(psum_free_.size());
  for (unsigned i = 0; i < psum_free_.size(); ++i) {
    put(std::max(psum_free_[i].free, array_));
    put(std::max(psum_free_[i].vector_done, array_));
  }
  put_plain(stores_.size());
  for (unsigned i = 0; i < stores_.size(); ++i) {
    put(stores_[i].asked);
    put_plain(stores_[i].layer_before ? -1 : stores_[i].bus);
  }
  put_plain(tokens_.size());
  for (unsigned i = 0; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    const Visit& visit = token.visit;
    put_plain(reinterpret_cast<std::intptr_t>(visit.cost));
    put_plain(visit.release_ifmap + 2 * visit.release_filter + 4 * visit.first_c +
              8 * visit.last_c);
    put(token.written);
    put(token.ready);
  }
  assert(now.used <= Snapshot::kMost);
}

void Timeline::skip(const Snapshot& from, const Snapshot& to, std::int64_t times) {
  const Time shift = (to.at - from.at) * times;
  for (Time* time : {&dma_, &bus_, &array_, &vector_, &store_, &accounted_}) *time += shift;
  for (auto* halves : {&ifmap_free_, &filter_free_, &residual_free_}) {
    for (unsigned i = 0; i < halves->size(); ++i) (*halves)[i] += shift;
  }
  for (unsigned i = 0; i < psum_free_.size(); ++i) {
    psum_free_[i].free += shift;
    psum_free_[i].vector_done += shift;
  }
  for (unsigned i = 0; i < stores_.size(); ++i) stores_[i].asked += shift;
  for (unsigned i = 0; i < tokens_.size(); ++i) {
    tokens_[i].written += shift;
    tokens_[i].ready += shift;
  }
  for (const auto& field : CycleBreakdown::fields()) {
    cycles_.*field.member += (to.cycles.*field.member - from.cycles.*field.member) * times;
  }
}

}  // namespace ridgeline::analytic
