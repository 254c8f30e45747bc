#include <bit>
#include <limits>

#include "models/numeric/kernel/kernel.hpp"
#include "models/numeric/requantize.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

// From here on only; what the headers above define inline must run on every machine.
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,avxvnni"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,avxvnni")
#endif

namespace ridgeline::kernel {
namespace avxvnni {

#include "models/numeric/kernel/kernel_lanes_256.hpp"

struct Dot {
  static __m256i add(__m256i sums, __m256i a, __m256i b) {
    return _mm256_dpwssd_avx_epi32(sums, a, b);
  }
};
using Int32Lanes = DotLanes<Dot>;

#include "models/numeric/kernel/kernel_body.hpp"
#include "models/numeric/kernel/kernel_body_256.hpp"

Table table() {
  return make_table_256("avxvnni");
}

}  // namespace avxvnni
}  // namespace ridgeline::kernel
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace {

/// __builtin_cpu_supports does not know it everywhere: EAX of leaf 7.1 (Intel's manual, CPUID).
bool has_avxvnni() {
  constexpr unsigned kAvxVnni = 1U << 4;
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) != 0 && (eax & kAvxVnni) != 0;
}

}  // namespace

const ridgeline::kernel::Table* ridgeline::kernel::avxvnni_table() {
  static const bool available = __builtin_cpu_supports("avx2") != 0 && has_avxvnni();
  if (!available) return nullptr;
  static const Table table = avxvnni::table();
  return &table;
}
#else
const ridgeline::kernel::Table* ridgeline::kernel::avxvnni_table() {
  return nullptr;
}
#endif
