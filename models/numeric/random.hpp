#pragma once

#include <cstdint>
#include <span>

/// Seeded numbers that depend on nothing but their key: the same on every machine, in any order.
namespace ridgeline {

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014):
/// a counter, stepped by the golden ratio, through a mixing function.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t key) : counter_(key) {}

  std::uint64_t operator()() {
    counter_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = counter_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

 private:
  std::uint64_t counter_;
};

/// What a sequence of random numbers is for; sequences of different purposes are independent.
enum class Purpose : std::uint64_t { weights = 1, bias = 2, gamma = 3, picture = 4 };

/// The key of the sequence for one purpose and item (a layer, and a filter in it).
[[nodiscard]] std::uint64_t sequence_key(std::uint64_t seed, Purpose purpose, std::uint64_t layer,
                                         std::uint64_t item);

/// Fills `out` with samples of a discretised standard normal distribution times `deviation`: each
/// sample is one of kNormalLevels equally likely values, the quantiles of the normal distribution
/// at (i + 1/2) / kNormalLevels, scaled so that their variance is exactly one. None is zero, and
/// none is larger than 3.7. Five samples share one draw of 64 bits.
inline constexpr int kNormalLevels = 4096;
void fill_normal(std::uint64_t key, float deviation, std::span<float> out);

}  // namespace ridgeline
