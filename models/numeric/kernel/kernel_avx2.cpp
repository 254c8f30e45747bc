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

#include "models/numeric/kernel/kernel_lanes_256.hpp"

struct Dot {
  static __m256i add(__m256i sums, __m256i a, __m256i b) {
    return _mm256_add_epi32(sums, _mm256_madd_epi16(a, b));
  }
};
using Int32Lanes = DotLanes<Dot>;

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
