#pragma once

#include <cstdint>

/// A seeded permutation of 0 .. size-1 that is worked out item by item, in no memory: samples
/// without repetition from spaces of any size, in any order.
namespace ridgeline {

/// A Feistel network over the next power of four, walked until it falls below `size` (Black and
/// Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002, sections 3 and 5): about two
/// steps an item, four at most on average.
class Permutation {
 public:
  /// `size` from 1 to 2^62.
  Permutation(std::uint64_t size, std::uint64_t seed);

  /// Where `index`, below size, goes.
  [[nodiscard]] std::uint64_t operator()(std::uint64_t index) const;

 private:
  [[nodiscard]] std::uint64_t mix(std::uint64_t index) const;

  std::uint64_t size_;
  std::uint64_t seed_;
  unsigned half_bits_;
};

}  // namespace ridgeline
