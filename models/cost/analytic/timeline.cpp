#include "models/cost/analytic/timeline.hpp"

#include <algorithm>

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

void Timeline::Layer::hand_out_halves(Units& units, const Taken& taken) const {
  units.latency = latency;
  units.ifmaps.fill(ifmap_halves - taken.ifmaps);
  units.filters.fill(filter_halves - taken.filters);
  units.residuals.fill(residual_halves - taken.residuals);
  units.psums.fill(psum_halves);
  units.queue = queue();
}

void Timeline::begin(const Layer& layer) {
  if (starting_) enter_layer();
  while (!units_.stores.empty() && units_.stores[0].layer_before) units_.store_next();
  close_layer_before();
  next_ = layer;
  units_.latency = layer.latency;
  starting_ = true;
  early_ = {};
}

/// When the halves of the layer that still works would be free if nothing came in between.
void Timeline::foresee_room() {
  Units ahead = units_;
  ahead.drain();
  note_room(ahead);
}

/// Halves leave room when they are free for the last time: no earlier than the layer's last tile
/// has been asked for, and psums no earlier than its array is done.
void Timeline::note_room(const Units& drained) {
  room_.clear();
  filter_room_.clear();
  const auto leave = [&](Room& room, const Queue<Time, 2>& halves, std::int64_t bytes) {
    for (unsigned i = 0; i < halves.size(); ++i) {
      room.emplace_back(std::max(halves[i], early_.asked), bytes);
    }
  };
  leave(room_, drained.ifmaps, layer_.ifmap_half);
  leave(layer_.own_filter_buffer ? filter_room_ : room_, drained.filters, layer_.filter_half);
  leave(room_, drained.residuals, layer_.residual_half);
  for (unsigned i = 0; i < drained.psums.size(); ++i) {
    room_.emplace_back(std::max(drained.psums[i].free, drained.array), layer_.psum_half);
  }
  std::ranges::sort(room_);
  std::ranges::sort(filter_room_);
}

/// When there is room for the halves that early tiles have taken.
Time Timeline::room_for_early() const {
  const std::int64_t filters = early_.taken.filters * next_.filter_half;
  const std::int64_t others =
      early_.taken.ifmaps * next_.ifmap_half + early_.taken.residuals * next_.residual_half;
  if (!next_.own_filter_buffer) return when_free(room_, layer_.left, others + filters);
  return std::max(when_free(room_, layer_.left, others),
                  when_free(filter_room_, layer_.filters_left, filters));
}

/// Whether the layer that starts does not read what the one before it stores.
bool Timeline::independent() const {
  return next_.needs < static_cast<int>(stored_.size());
}

/// A tile that comes while the layer before may still work.
void Timeline::visit_early(const TileCost& cost, Duties duties) {
  Units::Token token{.cost = &cost, .duties = duties | cost.duties};
  Duties loads = token.duties;
  if (load_early(token, loads)) {
    early_.tokens.push_back(token);
    return;
  }
  enter_layer();
  token.ready = units_.load(cost, loads, token.ready);
  units_.enter(token);
}

/// When the first tile may ask: the layer before has asked for all of its own, and the one before
/// that is stored.
Time Timeline::begin_early() {
  early_.asked = units_.dma;
  if (!begun_) return 0;
  if (next_.overlaps) return stored_.empty() ? held_ : std::max(held_, stored_.back());
  units_.drain();
  return units_.stored();
}

/// Feature maps wait for the layer that writes them.
void Timeline::wait_for_ifmap(Time& at) {
  if (next_.needs < 0 || !begun_ || !next_.overlaps) return;
  if (independent()) {
    units_.hold_up(at, stored_[static_cast<std::size_t>(next_.needs)]);
  } else {
    units_.drain();
    units_.hold_up(at, units_.stored());
  }
}

/// Loads as soon as there is room what finds a half that no tile has used; filters of the first
/// tile come before its feature maps. @return false: what is left in `loads` must wait until the
/// array turns to the layer
bool Timeline::load_early(Units::Token& token, Duties& loads) {
  const bool first = early_.tokens.empty();
  const bool overlap = begun_ && next_.overlaps;
  const auto ahead = static_cast<unsigned>(early_.tokens.size());
  if (!first && (!overlap || !independent() || ahead == next_.queue())) return false;
  units_.prompt = true;
  Time at = units_.dma;
  units_.hold_up(at, units_.queue_takes(ahead));
  units_.dma = at;
  if (first) units_.hold_up(at, begin_early());
  const auto load = [&](Duties operand, int& taken, int halves, Time cycles) {
    if ((loads & operand) == 0) return true;
    if (taken == halves) return false;
    ++taken;
    if (overlap) {
      foresee_room();  // requests since the last look have held up the stores
      units_.hold_up(at, room_for_early());
    }
    units_.request(at, cycles);
    if (overlap) early_.bus.emplace_back(units_.bus - cycles, units_.bus);
    token.ready = units_.bus + next_.latency;
    loads &= ~operand;
    return true;
  };
  const TileCost& cost = *token.cost;
  Layer::Taken& taken = early_.taken;
  const auto filters = [&] {
    return load(kLoadsFilter, taken.filters, next_.filter_halves, cost.filter_bus);
  };
  if (first && !filters()) return false;
  wait_for_ifmap(at);
  if (!load(kLoadsIfmap, taken.ifmaps, next_.ifmap_halves, cost.ifmap_bus) || !filters() ||
      !load(kLoadsResidual, taken.residuals, next_.residual_halves, cost.residual_bus)) {
    return false;
  }
  units_.dma = std::max(at, units_.dma);
  token.ready = std::max(token.ready, units_.dma);
  return true;
}

/// The array turns to the tiles that have come. What the layer before has still to store then
/// shares the bus with this one.
void Timeline::enter_layer() {
  while (!units_.tokens.empty()) units_.store_next();
  held_ = 0;
  if (begun_) {
    Units drained = units_;
    drained.drain();
    note_room(drained);
    const std::int64_t come_to_stay = std::max(std::int64_t{0}, next_.kept - layer_.kept);
    held_ = std::max(units_.array, when_free(room_, layer_.left, next_.place + come_to_stay));
    const Time begins = std::max(held_, early_.tokens.front().ready);
    if (drained.stored() <= begins) units_.drain();
    leave_layer(begins);
  }
  begun_ = true;
  layer_ = next_;
  starting_ = false;
  units_.array = layer_.on_array ? held_ : std::max(held_, units_.vector);
  layer_.hand_out_halves(units_, early_.taken);
  for (const auto& [from, to] : early_.bus) {
    overlapped_ += Cycles(std::max(std::min(to, closed_) - from, Time{0}));
  }
  for (const Units::Token& token : early_.tokens) units_.enter(token);
}

/// What follows a layer's last array cycle is its own if it is stored before the next layer works.
void Timeline::leave_layer(Time until) {
  const Time stored = units_.stored();
  storing_ = !units_.stores.empty();
  const Time begun = std::exchange(closed_, units_.array);
  if (!storing_ && stored <= until) {
    units_.end_with_vector_unit();
    closed_ = stored;
  }
  if (!storing_) overlapped_ += Cycles(stored - closed_);
  done_.push_back({units_.cycles(layer_.work, closed_ - begun), overlapped_});
  units_.vector_stall = 0;
  overlapped_ = {};
  stored_.push_back(stored);
  for (unsigned i = 0; i < units_.stores.size(); ++i) units_.stores[i].layer_before = true;
}

/// The last store of the layer before is done, and so is that layer.
void Timeline::close_layer_before() {
  if (!std::exchange(storing_, false)) return;
  stored_.back() = units_.stored_before;
  done_.back().overlapped += Cycles(units_.stored_before - closed_);
}

std::vector<Timeline::LayerTimes> Timeline::finish() {
  if (starting_) enter_layer();
  units_.drain();
  close_layer_before();
  leave_layer(units_.stored());
  return std::move(done_);
}

}  // namespace ridgeline::analytic
