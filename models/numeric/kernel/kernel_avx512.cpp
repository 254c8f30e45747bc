#include <bit>
#include <limits>

#include "models/numeric/kernel/kernel.hpp"
#include "models/numeric/requantize.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

// From here on only; what the headers above define inline must run on every machine.
#ifdef __clang__
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC diagnostic push
// g++ 12's own intrinsics start from a deliberately undefined register.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,prefer-vector-width=512")
#endif

namespace ridgeline::kernel {
namespace avx512 {

inline __m256i load_256(const void* at) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(at));
}
inline void store_256(void* at, __m256i value) {
  _mm256_storeu_si256(static_cast<__m256i*>(at), value);
}
struct FilterPairs {
  explicit FilterPairs(const std::int32_t* at) : pairs(_mm512_loadu_si512(at)) {}
  __m512i pairs;
};

struct Int32Lanes {
  using Psum = std::int32_t;
  using Filter = FilterPairs;
  // Two products a cycle that each take five: ten sums at least must be under way.
  static constexpr int kBlock = 8, kVecs = 2;
  __m512i sums;

  void clear() { sums = _mm512_setzero_si512(); }
  void load(const Psum* at) { sums = _mm512_loadu_si512(at); }
  void store(Psum* at) const { _mm512_storeu_si512(at, sums); }
  void multiply_add(const Filter& filter, std::int32_t x) {
    sums = _mm512_dpwssd_epi32(sums, filter.pairs, _mm512_set1_epi32(x));
  }
};

struct Int64Lanes {
  using Psum = std::int64_t;
  using Filter = FilterPairs;
  static constexpr int kBlock = 6, kVecs = 1;
  __m512i low, high;

  void clear() { low = high = _mm512_setzero_si512(); }
  void load(const Psum* at) {
    low = _mm512_loadu_si512(at);
    high = _mm512_loadu_si512(at + 8);
  }
  void store(Psum* at) const {
    _mm512_storeu_si512(at, low);
    _mm512_storeu_si512(at + 8, high);
  }
  void multiply_add(const Filter& filter, std::int32_t x) {
    // |word| <= 32767, so the sum of two products fits in 32 bits.
    const __m512i products = _mm512_madd_epi16(filter.pairs, _mm512_set1_epi32(x));
    low = _mm512_add_epi64(low, _mm512_cvtepi32_epi64(_mm512_castsi512_si256(products)));
    high = _mm512_add_epi64(high, _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(products, 1)));
  }
};

struct FloatLanes {
  using Psum = float;
  static constexpr int kBlock = 8, kVecs = 1;
  struct Filter {
    explicit Filter(const std::int32_t* at) : words(_mm512_castsi512_ps(_mm512_loadu_si512(at))) {}
    __m512 words;
  };
  __m512 sums;

  void clear() { sums = _mm512_setzero_ps(); }
  void load(const float* at) { sums = _mm512_loadu_ps(at); }
  void store(float* at) const { _mm512_storeu_ps(at, sums); }
  void multiply_add(const Filter& filter, std::int32_t x) {
    const __m512 word = _mm512_castsi512_ps(_mm512_set1_epi32(x));
    sums = _mm512_add_ps(sums, _mm512_mul_ps(filter.words, word));
  }
};

#include "models/numeric/kernel/kernel_body.hpp"
#include "models/numeric/kernel/kernel_body_256.hpp"

Table table() {
  return make_table_256("avx512");
}

}  // namespace avx512
}  // namespace ridgeline::kernel
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC diagnostic pop
#pragma GCC pop_options
#endif

const ridgeline::kernel::Table* ridgeline::kernel::avx512_table() {
  static const bool available =
      __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
      __builtin_cpu_supports("avx512vnni") != 0;
  if (!available) return nullptr;
  static const Table table = avx512::table();
  return &table;
}
#else
const ridgeline::kernel::Table* ridgeline::kernel::avx512_table() {
  return nullptr;
}
#endif
