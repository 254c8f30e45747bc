#include "models/cost/analytic/timeline.hpp"

#include <utility>

namespace ridgeline::analytic {
namespace {

/// When `bytes` are free, of which `free` are from the start.
Time when_free(const std::vector<std::pair<Time, std::int64_t>>& room, std::int64_t free,
               std::int64_t bytes) {
  Time at = 0;
  for (const auto& [time, left] : room) {
    if (free >= bytes) break;
    free += left;
    at = time;
  }
  return at;
}

}  // namespace

void Timeline::begin(const Layer& layer) {
  if (starting_) enter_layer();
  next_ = layer;
  starting_ = true;
  early_ = {};
}

/// Lets the layer's array work and stores end.
void Timeline::drain() {
  advance();
  while (!tokens_.empty() || !stores_.empty()) {
    store_next();
    advance();
  }
}

/// The feature maps of a tile of the layer that starts.
void Timeline::request_maps(Time at, const Visit& visit, Token& token) {
  const TileCost& cost = *visit.cost;
  if (visit.load_ifmap && !next_.ifmap_on_chip) request(at, cost.ifmap_bus, token);
  if (next_.residual && visit.last_c && !next_.residual_on_chip) {
    request(at, cost.residual_bus, token);
  }
}

void Timeline::request_filters(Time at, const Visit& visit, Token& token) {
  if (!visit.load_filter) return;
  request(at, visit.cost->filter_bus, token);
  if (visit.first_c) request(at, visit.cost->records_bus, token);
}

/// When the halves of the layer that still works would be free if nothing came in between.
void Timeline::foresee_room() {
  Timeline ahead = *this;
  ahead.drain();
  note_room(ahead);
}

/// Halves leave room when they are free for the last time: no earlier than the layer's last tile
/// has been asked for, and psums no earlier than its array is done.
void Timeline::note_room(const Timeline& drained) {
  room_.clear();
  filter_room_.clear();
  const auto leave = [&](Room& room, const Ring<Time, 2>& halves, std::int64_t bytes) {
    for (unsigned i = 0; i < halves.size(); ++i) {
      room.emplace_back(std::max(halves[i], early_.asked), bytes);
    }
  };
  leave(room_, drained.ifmap_free_, layer_.ifmap_half);
  leave(layer_.own_filter_buffer ? filter_room_ : room_, drained.filter_free_, layer_.filter_half);
  leave(room_, drained.residual_free_, layer_.residual_half);
  for (unsigned i = 0; i < drained.psum_free_.size(); ++i) {
    room_.emplace_back(std::max(drained.psum_free_[i].free, drained.array_), layer_.psum_half);
  }
  std::ranges::sort(room_);
  std::ranges::sort(filter_room_);
}

/// Halves that the tile takes, if the layer that starts has them left. @return whether it has
bool Timeline::take_early(const Visit& visit) {
  const auto left = [](bool loads, int halves, int used) { return !loads || used < halves; };
  const bool ifmap = visit.load_ifmap && !next_.ifmap_on_chip;
  const bool residual = next_.residual && visit.last_c && !next_.residual_on_chip;
  if (!left(ifmap, next_.ifmap_halves, early_.ifmaps) ||
      !left(visit.load_filter, next_.filter_halves, early_.filters) ||
      !left(residual, next_.residual_halves, early_.residuals)) {
    return false;
  }
  early_.ifmaps += ifmap;
  early_.filters += visit.load_filter;
  early_.residuals += residual;
  return true;
}

/// When there is room for the halves that early tiles have taken: for their filters, and for all.
Time Timeline::room_for_filters() const {
  const std::int64_t bytes = early_.filters * next_.filter_half;
  return next_.own_filter_buffer ? when_free(filter_room_, layer_.filters_left, bytes)
                                 : when_free(room_, layer_.left, bytes);
}

Time Timeline::room_for_early() const {
  const std::int64_t filters = early_.filters * next_.filter_half;
  const std::int64_t others =
      early_.ifmaps * next_.ifmap_half + early_.residuals * next_.residual_half;
  if (!next_.own_filter_buffer) return when_free(room_, layer_.left, others + filters);
  return std::max(when_free(room_, layer_.left, others),
                  when_free(filter_room_, layer_.filters_left, filters));
}

/// A tile that comes while the layer before may still work. Filters of the first one come before
/// its feature maps, and all as soon as they may and find room. @return false: it must wait until
/// the layer has begun
bool Timeline::visit_early(const Visit& visit) {
  const int before = static_cast<int>(stored_.size());  // number of the layer that still works
  const bool first = early_.tokens.empty();
  const bool independent = next_.needs < before;
  if (!first && (!begun_ || !next_.overlaps || !independent || early_.tokens.size() == 2)) {
    return false;
  }
  if (first) {
    early_.asked = dma_;
    if (begun_) foresee_room();
  }
  if (!take_early(visit)) return false;
  Token token{.visit = visit};
  Time at = begun_ ? std::max(dma_, held_) : 0;
  if (begun_ && !next_.overlaps) {
    drain();
    at = stored();
  }
  noting_ = begun_ && next_.overlaps;
  if (first) {
    if (noting_) at = std::max(at, room_for_filters());
    request_filters(at, visit, token);
  }
  if (noting_) {
    foresee_room();  // requests since then have held up the stores
    at = std::max(at, room_for_early());
    if (!independent) {
      drain();
      at = std::max(at, stored());
    } else if (next_.needs >= 0) {
      at = std::max(at, stored_[static_cast<std::size_t>(next_.needs)]);
    }
  }
  request_maps(at, visit, token);
  if (!first) request_filters(at, visit, token);
  noting_ = false;
  dma_ = std::max(at, dma_);
  token.written = dma_;
  token.ready = std::max(token.ready, dma_);
  early_.tokens.push_back(token);
  return true;
}

/// The layer before ends, and the array turns to the tiles that have come.
void Timeline::enter_layer() {
  drain();
  Time held = 0;
  if (begun_) {
    note_room(*this);
    const std::int64_t come_to_stay = std::max(std::int64_t{0}, next_.kept - layer_.kept);
    held = std::max(array_, when_free(room_, layer_.left, next_.place + come_to_stay));
    charge_rest(std::max(held, early_.tokens.front().ready));
    stored_.push_back(stored());
  }
  begun_ = true;
  held_ = held;
  layer_ = next_;
  starting_ = false;
  const auto fill = [](auto& halves, int count, int used) {
    halves = {};
    for (int i = used; i < count; ++i) halves.push({});
  };
  fill(ifmap_free_, layer_.ifmap_halves, early_.ifmaps);
  fill(filter_free_, layer_.filter_halves, early_.filters);
  fill(residual_free_, layer_.residual_halves, early_.residuals);
  fill(psum_free_, layer_.psum_halves, 0);
  for (const auto& [from, to] : early_.bus) {
    overlapped_ += Cycles(std::max(std::min(to, accounted_) - from, Time{0}));
  }
  for (const Token& token : early_.tokens) enter(token);
}

/// What follows a layer's last array cycle is its own until the next layer works at `until`.
void Timeline::charge_rest(Time until) {
  if (vector_ <= until) {
    cycles_.vector_stall += Cycles(std::max(vector_ - accounted_, Time{0}));
    accounted_ = std::max(accounted_, vector_);
    if (stored() <= until) {
      cycles_.dram_stall += Cycles(stored() - accounted_);
      accounted_ = stored();
    }
  }
  overlapped_ += Cycles(stored() - accounted_);
  done_.push_back({cycles_, overlapped_});
  cycles_ = {};
  overlapped_ = {};
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
  charge_rest(stored());
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
    put_plain(stores_[i].bus);
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
