#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>

#include "models/cost/run_stats.hpp"

/// When the units of the machine work on the tiles of a layer, as recurrences over the tiles: load
/// DMA, array, vector unit, store DMA, the bus that both DMAs share (first come, first served), and
/// the halves of the buffer that they hand each other. Times are cycles from the layer's start.
namespace ridgeline::analytic {

using Time = std::int64_t;

/// What a kind of tile costs each unit.
struct TileCost {
  CycleBreakdown array{};  ///< of the array's own work
  Time array_total = -1;   ///< not known yet: below zero
  Time ifmap_bus = 0, filter_bus = 0, records_bus = 0, residual_bus = 0, store_bus = 0;
  Time vector = 0;
};

/// A tile in its place of the order of execution.
struct Visit {
  const TileCost* cost = nullptr;
  bool load_ifmap = true, load_filter = true, release_ifmap = true, release_filter = true;
  bool first_c = true, last_c = true;
  bool operator==(const Visit&) const = default;
};

/// A few values in order of arrival.
template <class T, unsigned kCapacity>
class Ring {
 public:
  void push(const T& value) {
    assert(size_ < kCapacity);
    items_[(begin_ + size_++) % kCapacity] = value;
  }
  T pop() {
    assert(size_ > 0);
    --size_;
    return items_[begin_++ % kCapacity];
  }
  [[nodiscard]] T& operator[](unsigned i) { return items_[(begin_ + i) % kCapacity]; }
  [[nodiscard]] unsigned size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  std::array<T, kCapacity> items_;  // only what was pushed has a value
  unsigned begin_ = 0, size_ = 0;
};

class Timeline {
 public:
  struct Layer {
    Time latency = 0;  ///< of the DRAM, after the last bus cycle of a read
    int ifmap_halves = 1, filter_halves = 1, residual_halves = 1, psum_halves = 1;
    bool on_array = true, residual = false;
  };
  explicit Timeline(const Layer& layer);
  /// The next tile in order. The cost that it points to must last until finish().
  void visit(const Visit& visit);
  /// The last tile releases these operands too.
  void also_release(bool ifmap, bool filter);
  /// Lets everything end. @return the layer's cycles by cause
  CycleBreakdown finish();

  /// All that the future depends on, as differences, so that two moments can be compared: when they
  /// are equal, equal tiles will take equally long from there.
  struct Snapshot {
    static constexpr std::size_t kMost = 40;
    std::array<Time, kMost> values;  // the first `used`
    std::size_t used = 0;
    Time at = 0;
    CycleBreakdown cycles;
    [[nodiscard]] bool same_state(const Snapshot& other) const {
      return used == other.used &&
             std::equal(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(used),
                        other.values.begin());
    }
  };
  void take_snapshot(Snapshot& now);
  /// Goes on by `times` what happened between two equal moments.
  void skip(const Snapshot& from, const Snapshot& to, std::int64_t times);

 private:
  struct Token {
    Visit visit;
    Time written = 0, ready = 0;
  };
  struct PsumHalf {
    Time free = 0, vector_done = 0;
  };
  struct Store {
    Time asked = 0, bus = 0;
  };

  /// The half that has been free longest, whenever that is.
  [[nodiscard]] Time take(Ring<Time, 2>& halves) {
    while (halves.empty()) {
      advance();
      if (halves.empty()) store_next();
    }
    return halves.pop();
  }
  void request(Time at, Time bus, Token& token);
  /// Lets array and vector unit run as far as it is known when they can.
  void advance() {
    while (!tokens_.empty() && !(tokens_[0].visit.first_c && psum_free_.empty())) {
      layer_.on_array ? run_on_array(tokens_.pop()) : run_on_vector_unit(tokens_.pop());
    }
  }
  void run_on_array(const Token& token);
  void run_on_vector_unit(const Token& token);
  void hand_to_store(const Visit& visit, Time done);
  void store_next();
  [[nodiscard]] Time store_time() { return std::max(stores_[0].asked, store_); }

  Layer layer_;
  Time dma_ = 0, bus_ = 0, array_ = 0, vector_ = 0, store_ = 0;
  Visit newest_;  // what the last tile came with
  Ring<Time, 2> ifmap_free_, filter_free_, residual_free_;
  Ring<PsumHalf, 2> psum_free_;
  Ring<Token, 4> tokens_;
  Ring<Store, 2> stores_;
  CycleBreakdown cycles_;
};

inline void Timeline::visit(const Visit& visit) {
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
  newest_ = visit;
}

/// Stores that asked earlier have the bus first.
inline void Timeline::request(Time at, Time bus, Token& token) {
  advance();
  while (!stores_.empty() && store_time() <= at) {
    store_next();
    advance();
  }
  bus_ = std::max(bus_, at) + bus;
  dma_ = bus_;
  token.ready = std::max(token.ready, bus_ + layer_.latency);
}

inline void Timeline::run_on_array(const Token& token) {
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
  if (visit.last_c) hand_to_store(visit, std::max(vector_, array_) + cost.vector);
}

inline void Timeline::hand_to_store(const Visit& visit, Time done) {
  vector_ = done;
  if (layer_.residual) residual_free_.push(done);
  stores_.push({.asked = done, .bus = visit.cost->store_bus});
}

inline void Timeline::store_next() {
  const Time at = store_time();
  const Store store = stores_.pop();
  bus_ = std::max(bus_, at) + store.bus;
  store_ = bus_;
  psum_free_.push({.free = bus_, .vector_done = store.asked});
}

}  // namespace ridgeline::analytic
