#include <algorithm>

#include "models/cost/analytic/timeline.hpp"

/// Where one layer follows another.
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
  while (!stores_.empty() && stores_[0].layer_before) store_next();
  next_ = layer;
  starting_ = true;
  early_ = {};
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

/// When there is room for the halves that early tiles have taken.
Time Timeline::room_for_early() const {
  const std::int64_t filters = early_.filters * next_.filter_half;
  const std::int64_t others =
      early_.ifmaps * next_.ifmap_half + early_.residuals * next_.residual_half;
  if (!next_.own_filter_buffer) return when_free(room_, layer_.left, others + filters);
  return std::max(when_free(room_, layer_.left, others),
                  when_free(filter_room_, layer_.filters_left, filters));
}

/// Whether the layer that starts does not read what the one before it stores.
bool Timeline::independent() const {
  return next_.needs < static_cast<int>(stored_.size());
}

/// A tile that comes while the layer before may still work.
void Timeline::visit_early(const Visit& visit) {
  Token token{.visit = visit};
  Loads loads = loads_of(next_, visit);
  if (load_early(token, loads)) {
    early_.tokens.push_back(token);
    return;
  }
  noting_ = false;
  enter_layer();
  load(token, loads);
}

/// When the first tile may ask: the layer before has asked for all of its own, and the one before
/// that is stored.
Time Timeline::begin_early() {
  early_.asked = dma_;
  if (!begun_) return 0;
  if (next_.overlaps) return stored_.empty() ? held_ : std::max(held_, stored_.back());
  drain();
  return stored();
}

/// Feature maps wait for the layer that writes them.
void Timeline::wait_for_ifmap(Time& at) {
  if (next_.needs < 0 || !noting_) return;
  if (independent()) {
    hold_up(at, stored_[static_cast<std::size_t>(next_.needs)]);
  } else {
    drain();
    hold_up(at, stored());
  }
}

/// Loads as soon as there is room what finds a half that no tile has used; filters of the first
/// tile come before its feature maps. @return false: what is left in `loads` must wait until the
/// array turns to the layer
bool Timeline::load_early(Token& token, Loads& loads) {
  constexpr std::size_t kMostTiles = 3;  // two in front of the array, and one that the DMA holds
  const bool first = early_.tokens.empty();
  const bool overlap = begun_ && next_.overlaps;
  if (!first && (!overlap || !independent() || early_.tokens.size() == kMostTiles)) return false;
  prompt_ = true;
  Time at = dma_;
  if (first) hold_up(at, begin_early());
  noting_ = overlap;
  const auto take_half = [&](bool& wanted, int& used, int halves, auto request_it) {
    if (!wanted) return true;
    if (used == halves) return false;
    ++used;
    if (overlap) {
      foresee_room();  // requests since the last look have held up the stores
      hold_up(at, room_for_early());
    }
    (this->*request_it)(at, token);
    wanted = false;
    return true;
  };
  const auto filters = [&] {
    return take_half(loads.filter, early_.filters, next_.filter_halves, &Timeline::request_filters);
  };
  if (first && !filters()) return false;
  wait_for_ifmap(at);
  if (!take_half(loads.ifmap, early_.ifmaps, next_.ifmap_halves, &Timeline::request_ifmap) ||
      !filters() ||
      !take_half(loads.residual, early_.residuals, next_.residual_halves,
                 &Timeline::request_residual)) {
    return false;
  }
  noting_ = false;
  dma_ = std::max(at, dma_);
  token.written = dma_;
  token.ready = std::max(token.ready, dma_);
  return true;
}

/// Lets the array do all tiles that have come.
void Timeline::finish_array() {
  advance();
  while (!tokens_.empty()) {
    store_next();
    advance();
  }
}

/// The array turns to the tiles that have come. What the layer before has still to store then
/// shares the bus with this one.
void Timeline::enter_layer() {
  finish_array();
  Time held = 0;
  if (begun_) {
    Timeline drained = *this;
    drained.drain();
    note_room(drained);
    const std::int64_t come_to_stay = std::max(std::int64_t{0}, next_.kept - layer_.kept);
    held = std::max(array_, when_free(room_, layer_.left, next_.place + come_to_stay));
    const Time begins = std::max(held, early_.tokens.front().ready);
    if (drained.stored() <= begins) drain();
    leave_layer(begins);
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

/// What follows a layer's last array cycle is its own if it is stored before the next layer works.
void Timeline::leave_layer(Time until) {
  if (stores_.empty() && stored() <= until) {
    cycles_.vector_stall += Cycles(std::max(vector_ - accounted_, Time{0}));
    accounted_ = std::max(accounted_, vector_);
    cycles_.dram_stall += Cycles(stored() - accounted_);
    accounted_ = stored();
  }
  closed_ = accounted_;
  if (stores_.empty()) overlapped_ += Cycles(stored() - accounted_);
  done_.push_back({cycles_, overlapped_});
  cycles_ = {};
  overlapped_ = {};
  stored_.push_back(stored());
  for (unsigned i = 0; i < stores_.size(); ++i) stores_[i].layer_before = true;
}

/// A store of the layer before is done; if it was the last one, so is that layer.
void Timeline::finish_layer_before() {
  if (!stores_.empty() && stores_[0].layer_before) return;
  stored_.back() = store_;
  done_.back().overlapped += Cycles(store_ - closed_);
}

}  // namespace ridgeline::analytic
