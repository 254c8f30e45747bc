#pragma once

#include <cstdint>
#include <new>
#include <type_traits>

#include "models/cost/analytic/units.hpp"

namespace ridgeline::analytic {

/// Finds where the iterations of a loop over tiles begin to repeat themselves, by Brent's method:
/// compares with a moment that moves up by powers of two.
class Repetition {
 public:
  /// Of `count` iterations of about so many visits each.
  Repetition(std::int64_t count, std::int64_t visits) : count_(count), visits_(visits) {}
  Repetition(const Repetition&) = delete;
  Repetition& operator=(const Repetition&) = delete;

  /// Whether to look for it after iteration `i`.
  [[nodiscard]] bool worth_comparing(std::int64_t i) const {
    return !found_ && (count_ - 1 - i) * visits_ >= kWorthComparing;
  }
  /// After iteration `i`: moves `now` over whole periods. @return iterations stepped over
  [[nodiscard]] std::int64_t step_over(Units& now, std::int64_t i) {
    const std::int64_t left = count_ - 1 - i;
    // Halves of the buffer may drift against each other for long, a cycle an iteration. What the
    // last few iterations took then stands for the rest.
    const auto repeats = [&] {
      const bool settled = i >= kMostIterations && now.same_work(marked_);
      return settled || now.same_but_later(marked_);
    };
    if (marked_at_ >= 0 && repeats()) {
      found_ = true;
      const std::int64_t period = i - marked_at_;
      const std::int64_t times = period == 1 ? left : left / period;
      now.repeat_since(marked_, times);
      return times * period;
    }
    if ((i & (i - 1)) == 0 && (left - 1) * visits_ >= kWorthComparing) {
      new (&marked_) Units(now);
      marked_at_ = i;
    }
    return 0;
  }

 private:
  /// A comparison costs as much as so many visits.
  static constexpr std::int64_t kWorthComparing = 3;
  static constexpr std::int64_t kMostIterations = 12;

  static_assert(std::is_trivially_destructible_v<Units>);
  union {  // so that a loop which marks nothing writes nothing
    Units marked_;
  };
  std::int64_t marked_at_ = -1;
  std::int64_t count_, visits_;
  bool found_ = false;
};

}  // namespace ridgeline::analytic
