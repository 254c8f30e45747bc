#include <bit>
#include <limits>

#include "models/numeric/kernel/kernel.hpp"
#include "models/numeric/requantize.hpp"

namespace ridgeline::kernel {
namespace portable {

/// The two words of a packed element.
inline std::int32_t low_word(std::int32_t pair) {
  return static_cast<std::int16_t>(pair);
}
inline std::int32_t high_word(std::int32_t pair) {
  return pair >> 16;
}

template <class Sum>
struct IntegerLanes {
  using Psum = Sum;
  static constexpr int kBlock = 4, kVecs = 2;
  struct Filter {
    explicit Filter(const std::int32_t* at) : pairs(at) {}
    const std::int32_t* pairs;
  };
  Sum sums[kLanes];

  void clear() {
    for (int i = 0; i < kLanes; ++i) sums[i] = 0;
  }
  void load(const Sum* at) {
    for (int i = 0; i < kLanes; ++i) sums[i] = at[i];
  }
  void store(Sum* at) const {
    for (int i = 0; i < kLanes; ++i) at[i] = sums[i];
  }
  void multiply_add(const Filter& filter, std::int32_t x) {
    for (int i = 0; i < kLanes; ++i) {
      // |word| <= 32767, so the sum of two products fits in 32 bits.
      sums[i] +=
          low_word(filter.pairs[i]) * low_word(x) + high_word(filter.pairs[i]) * high_word(x);
    }
  }
};
using Int32Lanes = IntegerLanes<std::int32_t>;
using Int64Lanes = IntegerLanes<std::int64_t>;

struct FloatLanes {
  using Psum = float;
  static constexpr int kBlock = 4, kVecs = 1;
  struct Filter {
    explicit Filter(const std::int32_t* at) : words(at) {}
    const std::int32_t* words;
  };
  float sums[kLanes];

  void clear() {
    for (int i = 0; i < kLanes; ++i) sums[i] = 0;
  }
  void load(const float* at) {
    for (int i = 0; i < kLanes; ++i) sums[i] = at[i];
  }
  void store(float* at) const {
    for (int i = 0; i < kLanes; ++i) at[i] = sums[i];
  }
  void multiply_add(const Filter& filter, std::int32_t x) {
    const auto word = std::bit_cast<float>(x);
    for (int i = 0; i < kLanes; ++i) sums[i] += std::bit_cast<float>(filter.words[i]) * word;
  }
};

#include "models/numeric/kernel/kernel_body.hpp"

}  // namespace portable

const Table& portable_table() {
  static const Table table = portable::make_table("portable");
  return table;
}

const Table& best_table() {
  if (const Table* table = avx512_table()) return *table;
  if (const Table* table = avxvnni_table()) return *table;
  if (const Table* table = avx2_table()) return *table;
  return portable_table();
}

const Functions& functions_for(Precision precision) {
  const Table& table = best_table();
  switch (precision) {
    case Precision::int8:
      return table.int8;
    case Precision::int16:
      return table.int16;
    case Precision::fp32:
      break;
  }
  return table.fp32;
}

}  // namespace ridgeline::kernel
