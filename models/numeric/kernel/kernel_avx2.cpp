#include <bit>
#include <limits>

#include "models/numeric/kernel/kernel.hpp"
#include "models/numeric/requantize.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

// From here on only; what the headers above define inline must run on every machine.
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

namespace ridgeline::kernel {
namespace avx2 {

inline __m256i load_256(const void* at) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(at));
}
inline void store_256(void* at, __m256i value) {
  _mm256_storeu_si256(static_cast<__m256i*>(at), value);
}
/// Two registers of eight packed filter elements.
struct FilterPairs {
  explicit FilterPairs(const std::int32_t* at) : low(load_256(at)), high(load_256(at + 8)) {}
  __m256i low, high;
};

struct Int32Lanes {
  using Psum = std::int32_t;
  using Filter = FilterPairs;
  static constexpr int kBlock = 6;
  __m256i low, high;

  void clear() { low = high = _mm256_setzero_si256(); }
  void load(const Psum* at) {
    low = load_256(at);
    high = load_256(at + 8);
  }
  void store(Psum* at) const {
    store_256(at, low);
    store_256(at + 8, high);
  }
  void multiply_add(const Filter& filter, std::int32_t x) {
    const __m256i pair = _mm256_set1_epi32(x);
    low = _mm256_add_epi32(low, _mm256_madd_epi16(filter.low, pair));
    high = _mm256_add_epi32(high, _mm256_madd_epi16(filter.high, pair));
  }
};

struct Int64Lanes {
  using Psum = std::int64_t;
  using Filter = FilterPairs;
  static constexpr int kBlock = 2;
  __m256i sums[4];

  void clear() {
    for (int i = 0; i < 4; ++i) sums[i] = _mm256_setzero_si256();
  }
  void load(const Psum* at) {
    for (int i = 0; i < 4; ++i) sums[i] = load_256(at + 4 * i);
  }
  void store(Psum* at) const {
    for (int i = 0; i < 4; ++i) store_256(at + 4 * i, sums[i]);
  }
  void multiply_add(const Filter& filter, std::int32_t x) {
    const __m256i pair = _mm256_set1_epi32(x);
    // |word| <= 32767, so the sum of two products fits in 32 bits.
    const __m256i low = _mm256_madd_epi16(filter.low, pair);
    const __m256i high = _mm256_madd_epi16(filter.high, pair);
    add(0, _mm256_castsi256_si128(low));
    add(1, _mm256_extracti128_si256(low, 1));
    add(2, _mm256_castsi256_si128(high));
    add(3, _mm256_extracti128_si256(high, 1));
  }

 private:
  void add(int i, __m128i four) {
    sums[i] = _mm256_add_epi64(sums[i], _mm256_cvtepi32_epi64(four));
  }
};

struct FloatLanes {
  using Psum = float;
  static constexpr int kBlock = 6;
  struct Filter {
    explicit Filter(const std::int32_t* at)
        : low(_mm256_castsi256_ps(load_256(at))), high(_mm256_castsi256_ps(load_256(at + 8))) {}
    __m256 low, high;
  };
  __m256 low, high;

  void clear() { low = high = _mm256_setzero_ps(); }
  void load(const float* at) {
    low = _mm256_loadu_ps(at);
    high = _mm256_loadu_ps(at + 8);
  }
  void store(float* at) const {
    _mm256_storeu_ps(at, low);
    _mm256_storeu_ps(at + 8, high);
  }
  void multiply_add(const Filter& filter, std::int32_t x) {
    const __m256 word = _mm256_castsi256_ps(_mm256_set1_epi32(x));
    low = _mm256_add_ps(low, _mm256_mul_ps(filter.low, word));
    high = _mm256_add_ps(high, _mm256_mul_ps(filter.high, word));
  }
};

#include "models/numeric/kernel/kernel_body.hpp"
#include "models/numeric/kernel/kernel_body_256.hpp"

Table table() {
  return make_table_256("avx2");
}

}  // namespace avx2
}  // namespace ridgeline::kernel
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

const ridgeline::kernel::Table* ridgeline::kernel::avx2_table() {
  static const bool available = __builtin_cpu_supports("avx2") != 0;
  if (!available) return nullptr;
  static const Table table = avx2::table();
  return &table;
}
#else
const ridgeline::kernel::Table* ridgeline::kernel::avx2_table() {
  return nullptr;
}
#endif
