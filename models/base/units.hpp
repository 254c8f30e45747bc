#pragma once

#include <compare>
#include <cstdint>

namespace ridgeline {

/// A number with a unit. Construction is explicit and units do not mix; crossing from one unit to
/// another is a named function. The quotient of two like quantities is a plain ratio.
template <class Unit, class Rep>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(Rep count) : count_(count) {}

  [[nodiscard]] constexpr Rep count() const { return count_; }

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity& operator+=(Quantity other) {
    count_ += other.count_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    count_ -= other.count_;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }
  friend constexpr Quantity operator*(Quantity a, Rep factor) {
    return Quantity(a.count_ * factor);
  }
  friend constexpr Quantity operator*(Rep factor, Quantity a) { return a * factor; }
  friend constexpr double ratio(Quantity a, Quantity b) {
    return static_cast<double>(a.count_) / static_cast<double>(b.count_);
  }

 private:
  Rep count_{};
};

using Cycles = Quantity<struct CyclesUnit, std::int64_t>;
using Bytes = Quantity<struct BytesUnit, std::int64_t>;
/// Multiply-accumulates. One MAC is two operations; `operations()` is the only place that says so.
using Macs = Quantity<struct MacsUnit, std::int64_t>;
/// Energy in the unit of the energy table that it was computed with: picojoules, or MAC
/// equivalents for a normalised table. The table carries the unit and every report prints it.
using Energy = Quantity<struct EnergyUnit, double>;
using Hertz = Quantity<struct HertzUnit, double>;
using Microseconds = Quantity<struct MicrosecondsUnit, double>;

[[nodiscard]] constexpr std::int64_t operations(Macs macs) {
  return 2 * macs.count();
}

/// a / b for a rate or an intensity; 0 where there is nothing to divide by.
[[nodiscard]] constexpr double quotient(double a, double b) {
  return b > 0 ? a / b : 0;
}

[[nodiscard]] constexpr Microseconds to_time(Cycles cycles, Hertz clock) {
  return Microseconds(static_cast<double>(cycles.count()) * 1e6 / clock.count());
}

}  // namespace ridgeline
