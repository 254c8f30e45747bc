#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>

#include "models/cost/analytic/queue.hpp"
#include "models/cost/run_stats.hpp"

/// The units of the machine at work on the tiles of a layer, as recurrences over the tiles: load
/// DMA, array, vector unit, store DMA, the bus that both DMAs share (first come, first served), and
/// the halves of the buffer that they hand each other. Times are cycles from the run's start.
///
/// Whatever the array can do it has done: tiles wait in front of it only for a psum half. A layer
/// of the vector unit is like one of the array, but for what its cycles are called and how many
/// tiles queue in front of it.
namespace ridgeline::analytic {

using Time = std::int64_t;

/// What a tile does beside its work, in its place of the order of execution. Bits, as loops make
/// them from those of the loops around them.
using Duties = unsigned;
constexpr Duties kLoadsIfmap = 1, kLoadsFilter = 2;
constexpr int kToFrees = 2;  ///< from the loads of the next tile to what this one gives back
constexpr Duties kFreesIfmap = kLoadsIfmap << kToFrees, kFreesFilter = kLoadsFilter << kToFrees;
/// Those of a tile in the middle of a chain that adds to the same psums.
constexpr Duties kMiddle = kLoadsIfmap | kLoadsFilter | kFreesIfmap | kFreesFilter;
constexpr Duties kLoadsResidual = 16, kStartsPsums = 32, kCompletesPsums = 64;

/// The bus of a store that has nothing to carry: it stays in the buffer.
constexpr Time kStays = -1;

/// Tiles between the one that the load DMA turns to and the one that it waits for someone to take:
/// one that it holds and two in the queue before the array. The vector unit's own come through the
/// array, which holds one more, and two are in the queue behind it.
constexpr unsigned kBeforeArray = 3, kBeforeVectorUnit = 6;

/// What a kind of tile costs each unit, and those of its duties that every tile of the kind has.
struct TileCost {
  CycleBreakdown own{};                ///< of the array; of the vector unit in its own layers
  Time work = 0;                       ///< all of that
  Time ifmap_bus = 0, filter_bus = 0;  ///< the latter with the channel records, where they come
  Time residual_bus = 0, store_bus = 0;
  Time vector = 0;  ///< of the vector unit, behind the array
  Duties duties = 0;

  /// Of a tile that brings all its operands.
  [[nodiscard]] Time loads_bus() const { return ifmap_bus + filter_bus + residual_bus; }
};

/// A copy is a moment: two that are equal but for a shift in time have equal futures.
struct Units {
  using Halves = Queue<Time, 2>;  ///< when each half that is free became so
  struct PsumHalf {
    Time free = 0, vector_done = 0;
  };
  struct Token {
    const TileCost* cost = nullptr;
    Duties duties = 0;
    Time ready = 0;  ///< its operands are in the buffer
  };
  struct Store {
    Time asked = 0, bus = 0;
    bool layer_before = false;  ///< of it, whose psum halves nobody takes any more
  };

  Time latency = 0;  ///< of the DRAM, after the last bus cycle of a read
  Time dma = 0, bus = 0, array = 0, vector = 0, store = 0;  ///< when each is free
  Time stored_before = 0;  ///< when the newest store of the layer before was done
  Time vector_stall = 0;   ///< cycles that the array has waited for the vector unit
  bool prompt = true;      ///< nothing has held up the load DMA since it turned to its newest tile
  Duties newest = 0;       ///< of the last tile
  unsigned queue = kBeforeArray;  ///< or kBeforeVectorUnit, by the layer at work
  /// When each of the newest tiles was taken from the queue. Those that visit_middle() runs are
  /// left out: where each tile loads both operands, their halves hold back the DMA for longer.
  std::array<Time, kBeforeVectorUnit> taken{};
  Halves ifmaps, filters, residuals;
  Queue<PsumHalf, 2> psums;
  Queue<Token, kBeforeVectorUnit + 1> tokens;
  Queue<Store, 4> stores;

  /// The next tile in order. The cost that it points to must last until drain().
  void visit(const TileCost& cost, Duties duties) {
    duties |= cost.duties;
    enter({&cost, duties, load(cost, duties, dma)});
  }
  /// The same for a tile in the middle of a chain, most of which come when only load DMA and array
  /// have anything to do.
  void visit_middle(const TileCost& cost);
  /// Brings what `loads` say. @param ready when the rest of the tile's operands are there
  /// @return when all are
  [[nodiscard]] Time load(const TileCost& cost, Duties loads, Time ready);
  /// What has been loaded goes to the array.
  void enter(const Token& token);
  /// The last tile gives these back too.
  void also_free(Duties frees);
  /// When there is a place in the queue for what the DMA holds, so that it may turn to the tile
  /// `ahead` places behind the next one to enter.
  [[nodiscard]] Time queue_takes(unsigned ahead = 0);
  /// Lets everything end.
  void drain();
  /// When the last word is stored.
  [[nodiscard]] Time stored() const { return std::max(store, vector); }

  /// Nothing but the vector unit's last work is left, for which the array waits.
  void end_with_vector_unit() { vector_stall += std::max(vector - array, Time{0}); }
  /// Where `all` cycles went of which `work` needed so many: what the array did not wait for the
  /// vector unit it waited for the DRAM.
  [[nodiscard]] CycleBreakdown cycles(const CycleBreakdown& work, Time all) const;

  /// The same as `before`, later: from there equal tiles take equally long.
  [[nodiscard]] bool same_but_later(const Units& before) const {
    const Time by = dma - before.dma;
    return bus - before.bus == by && array - before.array == by && waits_alike(before);
  }
  /// As much is on its way: since `before` the array has done what the DMA has brought.
  [[nodiscard]] bool same_work(const Units& before) const {
    return tokens.size() == before.tokens.size() && stores.size() == before.stores.size();
  }
  /// Goes on by `times` what happened since `before`.
  void repeat_since(const Units& before, std::int64_t times);

  /// What the load DMA waits for comes at `until`.
  void hold_up(Time& at, Time until) {
    if (until <= at) return;
    at = until;
    prompt = false;
  }
  void request(Time at, Time cycles);
  void store_next();
  /// Where a loop over tiles finds the units: they are all there is to a layer alone.
  [[nodiscard]] Units* at_work() { return this; }

 private:
  /// The half that has been free longest, whenever that is.
  [[nodiscard]] Time take(Halves& halves) {
    while (halves.empty()) store_next();
    return halves.pop();
  }
  void run(const Token& token);
  [[nodiscard]] bool waits_alike(const Units& before) const;
  [[nodiscard]] Time store_time() const { return std::max(stores[0].asked, store); }
};

inline Time Units::load(const TileCost& cost, Duties loads, Time ready) {
  Time at = dma;
  prompt = true;
  hold_up(at, queue_takes());
  const auto bring = [&](Duties operand, Halves& halves, Time cycles) {
    if ((loads & operand) == 0) return;
    const Time free = take(halves);
    // In its own layers the vector unit tells the store DMA of a tile as it gives back the half.
    if (free == at && queue == kBeforeVectorUnit) prompt = false;
    hold_up(at, free);
    request(at, cycles);
    ready = std::max(ready, bus + latency);
  };
  bring(kLoadsIfmap, ifmaps, cost.ifmap_bus);
  bring(kLoadsFilter, filters, cost.filter_bus);
  bring(kLoadsResidual, residuals, cost.residual_bus);
  dma = std::max(dma, at);
  return std::max(ready, dma);
}

inline Time Units::queue_takes(unsigned ahead) {
  constexpr auto kNewest = static_cast<unsigned>(std::tuple_size_v<decltype(taken)>);
  const auto place = [&] { return kNewest - queue + tokens.size() + ahead; };
  while (place() > kNewest && !tokens.empty()) store_next();
  // A tile is taken when the one before it is done.
  return place() < kNewest ? taken[place()] : array;
}

/// Stores that asked earlier have the bus first. Of requests in the same cycle a load comes first
/// when the DMA has just been done with the tile before and finds its half free, and the vector
/// unit has just been done with that store's tile: the store DMA hears of it a moment later.
/// Otherwise the store does.
inline void Units::request(Time at, Time cycles) {
  while (!stores.empty()) {
    const Time time = store_time();
    const bool load_first = time == at && prompt && stores[0].asked == at;
    if (time > at || load_first) break;
    store_next();
  }
  dma = bus = std::max(bus, at) + cycles;
}

inline void Units::visit_middle(const TileCost& cost) {
  if (!tokens.empty() || ifmaps.size() < 2 || filters.size() < 2) return visit(cost, kMiddle);
  Time at = dma;
  prompt = true;
  hold_up(at, ifmaps[0]);
  request(at, cost.ifmap_bus);
  hold_up(at, filters[0]);
  request(at, cost.filter_bus);
  array = std::max(array, bus + latency) + cost.work;
  newest = kMiddle;
  ifmaps.exchange(array);
  filters.exchange(array);
}

inline void Units::enter(const Token& token) {
  newest = token.duties;
  const bool waits = !tokens.empty() || ((token.duties & kStartsPsums) != 0 && psums.empty());
  if (!waits) return run(token);
  assert(tokens.size() <= queue);
  tokens.push(token);
}

inline void Units::run(const Token& token) {
  const TileCost& cost = *token.cost;
  std::shift_left(taken.begin(), taken.end(), 1);
  taken.back() = array;
  Time now = std::max(array, token.ready);
  if ((token.duties & kStartsPsums) != 0) {
    // The half was first with the vector unit, then with the store DMA.
    const PsumHalf half = psums.pop();
    const Time begin = std::max(now, half.free);
    vector_stall += std::max(Time{0}, std::min(half.vector_done, begin) - now);
    now = begin;
  }
  array = now + cost.work;
  if ((token.duties & kFreesIfmap) != 0) ifmaps.push(array);
  if ((token.duties & kFreesFilter) != 0) filters.push(array);
  if ((token.duties & kCompletesPsums) == 0) return;
  vector = std::max(vector, array) + cost.vector;
  if ((token.duties & kLoadsResidual) != 0) residuals.push(vector);
  stores.push({.asked = vector, .bus = cost.store_bus});
}

}  // namespace ridgeline::analytic
