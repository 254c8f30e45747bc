#include "models/cost/analytic/timeline.hpp"

#include <algorithm>

namespace ridgeline::analytic {

void Timeline::start(const Layer& layer) {
  *this = Timeline();
  layer_ = layer;
  const auto fill = [](auto& halves, int count) {
    for (int i = 0; i < count; ++i) halves.push({});
  };
  fill(ifmap_free_, layer.ifmap_halves);
  fill(filter_free_, layer.filter_halves);
  fill(residual_free_, layer.residual_halves);
  fill(psum_free_, layer.psum_halves);
}

void Timeline::visit(const Visit& visit) {
  Token token{.visit = visit, .ready = dma_};
  const TileCost& cost = *visit.cost;
  Time at = dma_;
  if (visit.load_ifmap) {
    at = std::max(at, take(ifmap_free_));
    request(at, cost.ifmap_bus, token);
  }
  if (visit.load_filter) {
    at = std::max(at, take(filter_free_));
    request(at, cost.filter_bus, token);
    if (visit.first_c) request(at, cost.records_bus, token);
  }
  if (layer_.residual && visit.last_c) {
    at = std::max(at, take(residual_free_));
    request(at, cost.residual_bus, token);
  }
  dma_ = token.written = std::max(at, dma_);
  tokens_.push(token);
}

/// The half that has been free longest, whenever that is.
Time Timeline::take(Ring<Time, 2>& halves) {
  while (halves.empty()) {
    advance();
    if (halves.empty()) store_next();
  }
  return halves.pop();
}

/// Stores that asked earlier have the bus first.
void Timeline::request(Time at, Time bus, Token& token) {
  advance();
  while (!stores_.empty() && store_time() <= at) {
    store_next();
    advance();
  }
  bus_ = std::max(bus_, at) + bus;
  dma_ = bus_;
  token.ready = std::max(token.ready, bus_ + layer_.latency);
}

/// Lets array and vector unit run as far as it is known when they can.
void Timeline::advance() {
  while (!tokens_.empty()) {
    const Visit& next = tokens_.front().visit;
    if (next.first_c && psum_free_.empty()) return;
    const Token token = tokens_.pop();
    layer_.on_array ? run_on_array(token) : run_on_vector_unit(token);
  }
}

void Timeline::run_on_array(const Token& token) {
  const Visit& visit = token.visit;
  Time now = std::max({array_, token.written, token.ready});
  cycles_.dram_stall += Cycles(now - array_);
  if (visit.first_c) {
    // The half was first with the vector unit, then with the store DMA.
    const PsumHalf half = psum_free_.pop();
    const Time begin = std::max(now, half.free);
    const Time vector = std::max(Time{0}, std::min(half.vector_done, begin) - now);
    cycles_.vector_stall += Cycles(vector);
    cycles_.dram_stall += Cycles(begin - now - vector);
    now = begin;
  }
  const TileCost& cost = *visit.cost;
  cycles_.compute += cost.array.compute;
  cycles_.fill_drain += cost.array.fill_drain;
  cycles_.stationary_load += cost.array.stationary_load;
  cycles_.glb_stall += cost.array.glb_stall;
  array_ = now + cost.array_total;
  if (visit.release_ifmap) ifmap_free_.push(array_);
  if (visit.release_filter) filter_free_.push(array_);
  if (!visit.last_c) return;
  hand_to_store(token, std::max(vector_, array_) + cost.vector);
}

void Timeline::run_on_vector_unit(const Token& token) {
  const Time begin = std::max({vector_, token.written, token.ready, psum_free_.pop().free});
  cycles_.dram_stall += Cycles(begin - vector_);
  cycles_.vector_stall += Cycles(token.visit.cost->vector);
  array_ = begin + token.visit.cost->vector;
  ifmap_free_.push(array_);
  hand_to_store(token, array_);
}

void Timeline::hand_to_store(const Token& token, Time done) {
  vector_ = done;
  if (layer_.residual) residual_free_.push(done);
  stores_.push({.asked = done, .bus = token.visit.cost->store_bus});
}

void Timeline::store_next() {
  const Time at = store_time();
  const Store store = stores_.pop();
  bus_ = std::max(bus_, at) + store.bus;
  store_ = bus_;
  psum_free_.push({.free = bus_, .vector_done = store.asked});
}

CycleBreakdown Timeline::finish() {
  advance();
  while (!stores_.empty()) {
    store_next();
    advance();
  }
  cycles_.vector_stall += Cycles(vector_ - array_);
  cycles_.dram_stall += Cycles(store_ - vector_);
  return cycles_;
}

Timeline::Snapshot Timeline::snapshot() {
  advance();
  Snapshot now{.at = dma_, .cycles = cycles_};
  const auto put = [&](Time value) {
    now.values[static_cast<std::size_t>(now.used++)] = value - now.at;
  };
  // What only the DMA waits for no longer matters once it is past; likewise for the array.
  const auto put_halves = [&](Ring<Time, 2>& halves) {
    put(now.at + halves.size());
    for (int i = 0; i < halves.size(); ++i) put(std::max(halves[i], dma_));
  };
  put(bus_);
  put(array_);
  put(std::max(vector_, array_));
  put(stores_.empty() ? std::max(store_, array_) : store_);
  for (auto* halves : {&ifmap_free_, &filter_free_, &residual_free_}) put_halves(*halves);
  put(now.at + psum_free_.size());
  for (int i = 0; i < psum_free_.size(); ++i) {
    put(std::max(psum_free_[i].free, array_));
    put(std::max(psum_free_[i].vector_done, array_));
  }
  put(now.at + stores_.size());
  for (int i = 0; i < stores_.size(); ++i) {
    put(stores_[i].asked);
    put(now.at + stores_[i].bus);
  }
  put(now.at + tokens_.size());
  for (int i = 0; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    put(now.at + reinterpret_cast<std::intptr_t>(token.visit.cost));
    put(now.at + token.visit.release_ifmap + 2 * token.visit.release_filter +
        4 * token.visit.first_c + 8 * token.visit.last_c);
    put(token.written);
    put(token.ready);
  }
  return now;
}

bool Timeline::Snapshot::same_state(const Snapshot& other) const {
  return used == other.used &&
         std::equal(values.begin(), values.begin() + used, other.values.begin());
}

void Timeline::skip(const Snapshot& from, const Snapshot& to, std::int64_t times) {
  const Time shift = (to.at - from.at) * times;
  for (Time* time : {&dma_, &bus_, &array_, &vector_, &store_}) *time += shift;
  for (auto* halves : {&ifmap_free_, &filter_free_, &residual_free_}) {
    for (int i = 0; i < halves->size(); ++i) (*halves)[i] += shift;
  }
  for (int i = 0; i < psum_free_.size(); ++i) {
    psum_free_[i].free += shift;
    psum_free_[i].vector_done += shift;
  }
  for (int i = 0; i < stores_.size(); ++i) stores_[i].asked += shift;
  for (int i = 0; i < tokens_.size(); ++i) {
    tokens_[i].written += shift;
    tokens_[i].ready += shift;
  }
  for (const auto& field : CycleBreakdown::fields()) {
    cycles_.*field.member += (to.cycles.*field.member - from.cycles.*field.member) * times;
  }
}

}  // namespace ridgeline::analytic
