#pragma once

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
};

/// A few values in order of arrival.
template <class T, int kCapacity>
class Ring {
 public:
  void clear() { size_ = 0; }
  void push(const T& value) {
    assert(size_ < kCapacity);
    items_[static_cast<std::size_t>((begin_ + size_) % kCapacity)] = value;
    ++size_;
  }
  T pop() {
    assert(size_ > 0);
    const T value = front();
    begin_ = (begin_ + 1) % kCapacity;
    --size_;
    return value;
  }
  [[nodiscard]] T& front() { return items_[static_cast<std::size_t>(begin_)]; }
  [[nodiscard]] T& operator[](int i) {
    return items_[static_cast<std::size_t>((begin_ + i) % kCapacity)];
  }
  [[nodiscard]] int size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  std::array<T, kCapacity> items_{};
  int begin_ = 0, size_ = 0;
};

class Timeline {
 public:
  struct Layer {
    Time latency = 0;  ///< of the DRAM, after the last bus cycle of a read
    int ifmap_halves = 1, filter_halves = 1, residual_halves = 1, psum_halves = 1;
    bool on_array = true, residual = false;
  };
  void start(const Layer& layer);
  /// The next tile in order.
  void visit(const Visit& visit);
  /// Lets everything end. @return the layer's cycles by cause
  CycleBreakdown finish();

  /// All that the future depends on, as differences, so that two moments can be compared: when they
  /// are equal, equal tiles will take equally long from there.
  struct Snapshot {
    std::array<Time, 48> values{};
    int used = 0;
    Time at = 0;
    CycleBreakdown cycles{};
    [[nodiscard]] bool same_state(const Snapshot& other) const;
  };
  [[nodiscard]] Snapshot snapshot();
  /// Goes on by `times` what happened between two equal moments.
  void skip(const Snapshot& from, const Snapshot& to, std::int64_t times);

 private:
  struct Token {
    Visit visit{};
    Time written = 0, ready = 0;
  };
  struct PsumHalf {
    Time free = 0, vector_done = 0;
  };
  struct Store {
    Time asked = 0, bus = 0;
  };

  [[nodiscard]] Time take(Ring<Time, 2>& halves);
  void request(Time at, Time bus, Token& token);
  void advance();
  void run_on_array(const Token& token);
  void run_on_vector_unit(const Token& token);
  void hand_to_store(const Token& token, Time done);
  void store_next();
  [[nodiscard]] Time store_time() { return std::max(stores_.front().asked, store_); }

  Layer layer_{};
  Time dma_ = 0, bus_ = 0, array_ = 0, vector_ = 0, store_ = 0;
  Ring<Time, 2> ifmap_free_, filter_free_, residual_free_;
  Ring<PsumHalf, 2> psum_free_;
  Ring<Token, 4> tokens_;
  Ring<Store, 4> stores_;
  CycleBreakdown cycles_{};
};

}  // namespace ridgeline::analytic
