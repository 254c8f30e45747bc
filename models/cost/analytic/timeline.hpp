#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/cost/analytic/ring.hpp"
#include "models/cost/run_stats.hpp"

/// When the units of the machine work on the tiles of a run's layers, as recurrences over the
/// tiles: load DMA, array, vector unit, store DMA, the bus that both DMAs share (first come, first
/// served), and the halves of the buffer that they hand each other. Times are cycles from the run's
/// start.
///
/// Where one layer follows another, its first loads come as early as the simulation's
/// (docs/model.md, "Layers overlap"), as long as they find halves and room that nobody has used;
/// what would need a half a second time waits until the array turns to the layer.
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
};

class Timeline {
 public:
  struct Layer {
    Time latency = 0;  ///< of the DRAM, after the last bus cycle of a read
    int ifmap_halves = 1, filter_halves = 1, residual_halves = 1, psum_halves = 1;
    bool on_array = true, residual = false;
    bool ifmap_on_chip = false, residual_on_chip = false, ofmap_on_chip = false;
    int needs = -1;  ///< the layer of the run that must be stored before its feature maps load
    bool overlaps = true;  ///< with the layer before: a double-buffered machine
    /// Bytes of a half of each operand; of all halves; of maps that stay; and what is left of the
    /// buffer. Filters may have a buffer of their own.
    std::int64_t ifmap_half = 0, filter_half = 0, residual_half = 0, psum_half = 0;
    std::int64_t place = 0, kept = 0, left = 0;
    bool own_filter_buffer = false;
    std::int64_t filters_left = 0;
  };
  struct LayerTimes {
    CycleBreakdown cycles{};
    Cycles overlapped{};
  };
  /// The next tile to visit is the first of this layer.
  void begin(const Layer& layer);
  /// The next tile in order. The cost that it points to must last until finish().
  void visit(const Visit& visit);
  /// The last tile releases these operands too.
  void also_release(bool ifmap, bool filter);
  /// Lets everything end. @return what each layer took
  std::vector<LayerTimes> finish();

  /// All that the future depends on, as differences, so that two moments can be compared: when they
  /// are equal, equal tiles will take equally long from there.
  struct Snapshot {
    static constexpr std::size_t kMost = 44;
    std::array<Time, kMost> values;  // the first `used`
    std::size_t used = 0;
    Time at = 0;
    unsigned tokens = 0, stores = 0;  // on their way
    CycleBreakdown cycles;
    /// As much is on its way: from one to the other the array has done what the DMA has brought.
    [[nodiscard]] bool same_work(const Snapshot& other) const {
      return tokens == other.tokens && stores == other.stores;
    }
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
  /// What a tile has still to load.
  struct Loads {
    bool ifmap = false, filter = false, residual = false;
  };
  [[nodiscard]] static Loads loads_of(const Layer& layer, const Visit& visit) {
    return {.ifmap = visit.load_ifmap && !layer.ifmap_on_chip,
            .filter = visit.load_filter,
            .residual = layer.residual && visit.last_c && !layer.residual_on_chip};
  }
  struct PsumHalf {
    Time free = 0, vector_done = 0;
  };
  struct Store {
    Time asked = 0, bus = 0;
    bool stays = false;         ///< in the buffer: nothing to carry
    bool layer_before = false;  ///< of it, whose psum halves nobody takes any more
  };

  /// The half that has been free longest, whenever that is.
  [[nodiscard]] Time take(Ring<Time, 2>& halves) {
    while (halves.empty()) {
      advance();
      if (halves.empty()) store_next();
    }
    return halves.pop();
  }
  /// What the load DMA waits for comes at `until`.
  void hold_up(Time& at, Time until) {
    if (until < at) return;
    at = until;
    prompt_ = false;
  }
  void request(Time at, Time bus, Token& token);
  void load(Token token, const Loads& loads);
  void request_ifmap(Time at, Token& token) { request(at, token.visit.cost->ifmap_bus, token); }
  void request_filters(Time at, Token& token);
  void request_residual(Time at, Token& token) {
    request(at, token.visit.cost->residual_bus, token);
  }
  void visit_early(const Visit& visit);
  [[nodiscard]] bool load_early(Token& token, Loads& loads);
  [[nodiscard]] Time begin_early();
  [[nodiscard]] bool independent() const;
  void wait_for_ifmap(Time& at);
  void enter(const Token& token);
  void enter_layer();
  void foresee_room();
  void note_room(const Timeline& drained);
  [[nodiscard]] Time room_for_early() const;
  void drain();
  void finish_array();
  void finish_layer_before();
  void leave_layer(Time until);
  /// When the layer's last word is stored.
  [[nodiscard]] Time stored() const { return std::max(store_, vector_); }
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

  Layer layer_, next_;
  bool begun_ = false;     // a layer has begun
  bool noting_ = false;    // requests come early
  bool starting_ = false;  // visits are of next_, while layer_ may still work
  bool prompt_ = true;     // nothing has held up the load DMA since it turned to its newest tile
  Time dma_ = 0, bus_ = 0, array_ = 0, vector_ = 0, store_ = 0;
  Time accounted_ = 0;        // end of the last cycle that a layer was charged for
  Time held_ = 0;             // when the layer had its whole place in the buffer
  std::vector<Time> stored_;  // when each layer was complete
  Time closed_ = 0;           // when the layer before was charged for the last time
  struct Early {
    std::vector<Token> tokens{};
    std::vector<std::pair<Time, Time>> bus{};    // when it carried something
    int ifmaps = 0, filters = 0, residuals = 0;  // halves taken
    Time asked = 0;  // when the layer before had asked for its last tile
  };
  Early early_;  // what has come of next_
  /// When the layer before leaves how many bytes, in the buffer and in that of the filters.
  using Room = std::vector<std::pair<Time, std::int64_t>>;
  Room room_, filter_room_;
  std::vector<LayerTimes> done_;
  Cycles overlapped_;
  Visit newest_;  // what the last tile came with
  Ring<Time, 2> ifmap_free_, filter_free_, residual_free_;
  Ring<PsumHalf, 2> psum_free_;
  Ring<Token, 4> tokens_;
  Ring<Store, 4> stores_;
  CycleBreakdown cycles_;
};

inline void Timeline::visit(const Visit& visit) {
  if (starting_) return visit_early(visit);
  load({.visit = visit}, loads_of(layer_, visit));
}

inline void Timeline::load(Token token, const Loads& loads) {
  Time at = dma_;
  prompt_ = true;
  token.ready = std::max(token.ready, at);
  if (loads.ifmap) {
    hold_up(at, take(ifmap_free_));
    request_ifmap(at, token);
  }
  if (loads.filter) {
    hold_up(at, take(filter_free_));
    request_filters(at, token);
  }
  if (loads.residual) {
    hold_up(at, take(residual_free_));
    request_residual(at, token);
  }
  dma_ = token.written = std::max(at, dma_);
  enter(token);
}

inline void Timeline::request_filters(Time at, Token& token) {
  request(at, token.visit.cost->filter_bus, token);
  if (token.visit.first_c) request(at, token.visit.cost->records_bus, token);
}

inline void Timeline::enter(const Token& token) {
  // Where nothing is loaded nothing holds the DMA back but the queue in front of the array.
  while (tokens_.size() > 2) {
    advance();
    if (tokens_.size() > 2) store_next();
  }
  tokens_.push(token);
  newest_ = token.visit;
}

/// Stores that asked earlier have the bus first. Of requests in the same cycle a load comes first
/// when the DMA has just been done with the tile before and finds its half free, and the vector
/// unit has just been done with that store's tile: the store DMA hears of it a moment later.
/// Otherwise the store does.
inline void Timeline::request(Time at, Time bus, Token& token) {
  advance();
  while (!stores_.empty()) {
    const Time store = store_time();
    const bool load_first = store == at && prompt_ && stores_[0].asked == at;
    if (store > at || load_first) break;
    store_next();
    advance();
  }
  const Time taken = std::max(bus_, at);
  dma_ = bus_ = taken + bus;
  if (noting_) early_.bus.emplace_back(taken, bus_);
  token.ready = std::max(token.ready, bus_ + next_.latency);
}

inline void Timeline::run_on_array(const Token& token) {
  const Visit& visit = token.visit;
  Time now = std::max({array_, held_, token.written, token.ready});
  cycles_.dram_stall += Cycles(now - accounted_);
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
  accounted_ = array_ = now + cost.array_total;
  if (visit.release_ifmap && !layer_.ifmap_on_chip) ifmap_free_.push(array_);
  if (visit.release_filter) filter_free_.push(array_);
  if (visit.last_c) hand_to_store(visit, std::max(vector_, array_) + cost.vector);
}

inline void Timeline::hand_to_store(const Visit& visit, Time done) {
  vector_ = done;
  if (layer_.residual && !layer_.residual_on_chip) residual_free_.push(done);
  stores_.push({.asked = done, .bus = visit.cost->store_bus, .stays = layer_.ofmap_on_chip});
}

inline void Timeline::store_next() {
  store_ = store_time();
  const Store store = stores_.pop();
  if (!store.stays) store_ = bus_ = std::max(bus_, store_) + store.bus;
  if (store.layer_before) return finish_layer_before();
  psum_free_.push({.free = store_, .vector_done = store.asked});
}

}  // namespace ridgeline::analytic
