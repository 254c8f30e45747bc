// The lanes of the instruction sets whose registers have 256 bits. No include guard, and no
// includes of its own: see kernel_body.hpp, which comes next.

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

/// `Dot::add(sums, a, b)` is sums + the dot products of the pairs of a and b.
template <class Dot>
struct DotLanes {
  using Psum = std::int32_t;
  using Filter = FilterPairs;
  static constexpr int kBlock = 6, kVecs = 1;
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
    low = Dot::add(low, filter.low, pair);
    high = Dot::add(high, filter.high, pair);
  }
};

struct Int64Lanes {
  using Psum = std::int64_t;
  using Filter = FilterPairs;
  static constexpr int kBlock = 3, kVecs = 1;
  __m256i sums[4];  // of lanes 0 1 4 5, 2 3 6 7, and the same of the upper eight

  void clear() {
    for (int i = 0; i < 4; ++i) sums[i] = _mm256_setzero_si256();
  }
  void load(const Psum* at) {
    for (int i = 0; i < 4; i += 2) swap(load_256(at + 4 * i), load_256(at + 4 * i + 4), i);
  }
  void store(Psum* at) const {
    for (int i = 0; i < 4; i += 2) {
      Int64Lanes in_order;
      in_order.swap(sums[i], sums[i + 1], 0);
      store_256(at + 4 * i, in_order.sums[0]);
      store_256(at + 4 * i + 4, in_order.sums[1]);
    }
  }
  void multiply_add(const Filter& filter, std::int32_t x) {
    const __m256i pair = _mm256_set1_epi32(x);
    // |word| <= 32767, so the sum of two products fits in 32 bits.
    add(0, _mm256_madd_epi16(filter.low, pair));
    add(2, _mm256_madd_epi16(filter.high, pair));
  }

 private:
  /// Swaps the upper half of `a` with the lower half of `b`.
  void swap(__m256i a, __m256i b, int i) {
    sums[i] = _mm256_permute2x128_si256(a, b, 0x20);
    sums[i + 1] = _mm256_permute2x128_si256(a, b, 0x31);
  }
  void add(int i, __m256i eight) {
    const __m256i signs = _mm256_srai_epi32(eight, 31);
    sums[i] = _mm256_add_epi64(sums[i], _mm256_unpacklo_epi32(eight, signs));
    sums[i + 1] = _mm256_add_epi64(sums[i + 1], _mm256_unpackhi_epi32(eight, signs));
  }
};

struct FloatLanes {
  using Psum = float;
  static constexpr int kBlock = 6, kVecs = 1;
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
