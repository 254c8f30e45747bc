#include "models/sweep/permutation.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

#include "models/numeric/random.hpp"

namespace ridgeline {

Permutation::Permutation(std::uint64_t size, std::uint64_t seed)
    : size_(size),
      seed_(seed),
      half_bits_(std::max(1U, static_cast<unsigned>(std::bit_width(size - 1) + 1) / 2)) {
  assert(size >= 1 && size <= std::uint64_t{1} << 62);
}

std::uint64_t Permutation::operator()(std::uint64_t index) const {
  assert(index < size_);
  do {
    index = mix(index);
  } while (index >= size_);
  return index;
}

std::uint64_t Permutation::mix(std::uint64_t index) const {
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  std::uint64_t left = index >> half_bits_, right = index & mask;
  constexpr int kRounds = 6;
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    // The key of each round differs in its high bits, out of reach of a half.
    const std::uint64_t key = seed_ ^ (round + 1) * 0x9E3779B97F4A7C15U;
    const std::uint64_t mixed = SplitMix64(key + right)();
    left = std::exchange(right, left ^ (mixed & mask));
  }
  return left << half_bits_ | right;
}

}  // namespace ridgeline
