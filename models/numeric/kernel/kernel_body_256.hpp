// Packing and requantisation in registers of 256 bits, for the instruction sets that have them.
// Like kernel_body.hpp, which comes first: no include guard, and no includes of its own.

inline __m128i load_128(const void* at) {
  return _mm_loadu_si128(static_cast<const __m128i*>(at));
}

/// Rows become columns, in words of 32 bits.
inline void transpose_8x8(__m256i (&v)[8]) {
  __m256i a[8], b[8];
  for (int i = 0; i < 8; i += 2) {
    a[i] = _mm256_unpacklo_epi32(v[i], v[i + 1]);
    a[i + 1] = _mm256_unpackhi_epi32(v[i], v[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    b[i] = _mm256_unpacklo_epi64(a[i], a[i + 2]);
    b[i + 1] = _mm256_unpackhi_epi64(a[i], a[i + 2]);
    b[i + 2] = _mm256_unpacklo_epi64(a[i + 1], a[i + 3]);
    b[i + 3] = _mm256_unpackhi_epi64(a[i + 1], a[i + 3]);
  }
  for (int i = 0; i < 4; ++i) {
    v[i] = _mm256_permute2x128_si256(b[i], b[i + 4], 0x20);
    v[i + 4] = _mm256_permute2x128_si256(b[i], b[i + 4], 0x31);
  }
}

/// Eight neighbouring words of channel a and, unless null, of channel b as eight packed elements.
template <class T>
inline __m256i pack_8(const T* a, const T* b, __m256i zeros) {
  if constexpr (sizeof(T) == 4) {
    return load_256(a);
  } else if constexpr (sizeof(T) == 2) {
    const __m128i low = load_128(a);
    const __m128i high = b == nullptr ? _mm256_castsi256_si128(zeros) : load_128(b);
    const __m256i pairs =
        _mm256_set_m128i(_mm_unpackhi_epi16(low, high), _mm_unpacklo_epi16(low, high));
    return _mm256_sub_epi16(pairs, zeros);
  } else {
    const __m128i low = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(a));
    const __m256i words_a = _mm256_cvtepi8_epi16(_mm_unpacklo_epi8(low, low));
    if (b == nullptr) {
      return _mm256_and_si256(_mm256_sub_epi16(words_a, zeros), _mm256_set1_epi32(0xFFFF));
    }
    const __m128i high = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(b));
    return _mm256_sub_epi16(_mm256_cvtepi8_epi16(_mm_unpacklo_epi8(low, high)), zeros);
  }
}

/// Eight elements, from `element` on, of eight positions, from `at` on.
template <class T>
inline void pack_ifmap_8x8(const PackIfmap& k, int at, int element, __m256i zeros) {
  __m256i rows[8];
  const T* const words = static_cast<const T*>(k.words) + at;
  for (int i = 0; i < 8; ++i) {
    const int c = (element + i) * kChannels<T>;
    const T* const a = words + c * k.channel_stride;
    if (c >= k.channels) {
      rows[i] = _mm256_setzero_si256();
    } else {
      rows[i] = pack_8(a, c + 1 < k.channels ? a + k.channel_stride : nullptr, zeros);
    }
  }
  transpose_8x8(rows);
  std::int32_t* out = k.out + std::ptrdiff_t{at} * k.elements + element;
  for (int i = 0; i < 8; ++i, out += k.elements) store_256(out, rows[i]);
}

/// In squares of eight elements by eight positions. The last square of either kind begins early,
/// and so writes some elements twice; runs that are too short for one go element by element.
template <class T>
void pack_ifmap_256(const PackIfmap& k) {
  if (k.positions < 8 || k.elements < 8) return pack_ifmap<T>(k);
  const __m256i zeros = _mm256_set1_epi16(static_cast<short>(k.zero));
  for (int i = 0; i < k.positions; i += 8) {
    const int at = i + 8 <= k.positions ? i : k.positions - 8;
    for (int e = 0; e < k.elements; e += 8) {
      pack_ifmap_8x8<T>(k, at, e + 8 <= k.elements ? e : k.elements - 8, zeros);
    }
  }
}

/// Channels [c, c + count) of one tap of a filter, side by side.
template <class T>
inline const T* gathered(const PackFilters& k, const T* filter, int c, int count, int tap, T* to) {
  if (k.taps == 1) return filter + c;
  const T* from = filter + std::ptrdiff_t{c} * k.taps + tap;
  for (int i = 0; i < count; ++i, from += k.taps) to[i] = *from;
  return to;
}

/// Eight elements of eight lanes, from `lane` on, for one tap.
template <class T>
inline void pack_filters_8x8(const PackFilters& k, int tap, int element, int lane) {
  constexpr int kWords = 8 * kChannels<T>;
  __m256i rows[8];
  for (int i = 0; i < 8; ++i) {
    if (lane + i >= k.lanes) {
      rows[i] = _mm256_setzero_si256();
      continue;
    }
    T scratch[kWords];
    const T* const filter = static_cast<const T*>(k.words) + (lane + i) * k.filter_stride;
    const T* const words = gathered(k, filter, element * kChannels<T>, kWords, tap, scratch);
    const __m256i zeros = _mm256_set1_epi16(static_cast<short>(k.zeros[lane + i]));
    if constexpr (sizeof(T) == 1) {
      rows[i] = _mm256_sub_epi16(_mm256_cvtepi8_epi16(load_128(words)), zeros);
    } else if constexpr (sizeof(T) == 2) {
      rows[i] = _mm256_sub_epi16(load_256(words), zeros);
    } else {
      rows[i] = load_256(words);
    }
  }
  transpose_8x8(rows);
  std::int32_t* out = k.out + (std::ptrdiff_t{tap} * k.elements + element) * kLanes + lane;
  for (int i = 0; i < 8; ++i, out += kLanes) store_256(out, rows[i]);
}

/// As pack_ifmap_256. Elements of which a channel does not exist go one by one.
template <class T>
void pack_filters_256(const PackFilters& k) {
  const int whole = k.channels / kChannels<T>;  // elements
  for (int tap = 0; tap < k.taps; ++tap) {
    if (whole < 8) {
      pack_filters_part<T>(k, tap, 0, k.elements);
      continue;
    }
    for (int e = 0; e < whole; e += 8) {
      const int element = e + 8 <= whole ? e : whole - 8;
      pack_filters_8x8<T>(k, tap, element, 0);
      pack_filters_8x8<T>(k, tap, element, 8);
    }
    pack_filters_part<T>(k, tap, whole, k.elements);
  }
}

/// The constants of eight lanes: y = (psum * multiplier + bias * multiplier + 2^(shift-1)) >>
/// shift. Registers cannot shift the sign of 64 bits down, so 2^63 is added before and 2^(63-shift)
/// taken away behind the shift, together with adding the zero point.
struct Requantize8 {
  Requantize8(const Postprocess& k, int lane) {
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
    alignas(32) std::uint64_t offsets[2][4], shifts[2][4], multipliers[2][4];
    alignas(32) std::int32_t corrections[8];
    for (int i = 0; i < 8; ++i) {
      const bool used = lane + i < k.lanes;
      const auto s = static_cast<std::uint64_t>(used ? k.shift[lane + i] : 32);
      const std::int64_t m = used ? k.multiplier[lane + i] : 0;
      const std::int64_t bias = used ? k.bias[lane + i] : 0;
      offsets[i % 2][i / 2] =
          static_cast<std::uint64_t>(bias * m) + (std::uint64_t{1} << (s - 1)) + kSign;
      shifts[i % 2][i / 2] = s;
      multipliers[i % 2][i / 2] = static_cast<std::uint64_t>(m);
      corrections[i] = static_cast<std::int32_t>(
          static_cast<std::uint32_t>(static_cast<std::uint64_t>(k.zero_point) - (kSign >> s)));
    }
    for (int odd = 0; odd < 2; ++odd) {
      offset[odd] = load_256(offsets[odd]);
      shift[odd] = load_256(shifts[odd]);
      multiplier[odd] = load_256(multipliers[odd]);
    }
    correction = load_256(corrections);
  }

  /// Eight sums as words of 32 bits, not clamped yet.
  [[nodiscard]] __m256i operator()(__m256i psums) const {
    const __m256i even = part(psums, 0);
    const __m256i odd = part(_mm256_srli_epi64(psums, 32), 1);
    const __m256i both = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
    return _mm256_add_epi32(both, correction);
  }

  __m256i offset[2], shift[2], multiplier[2];  // of the even and the odd lanes
  __m256i correction;

 private:
  [[nodiscard]] __m256i part(__m256i psums, int odd) const {
    const __m256i product = _mm256_mul_epi32(psums, multiplier[odd]);
    return _mm256_srlv_epi64(_mm256_add_epi64(product, offset[odd]), shift[odd]);
  }
};

/// |psum + bias| < 2^32 and multiplier < 2^24: from this shift on a result has 31 bits, with room
/// for the zero point.
inline constexpr std::int64_t kFewBits = 27;

inline bool results_have_few_bits(const Postprocess& k) {
  for (int lane = 0; lane < k.lanes; ++lane) {
    if (k.shift[lane] < kFewBits) return false;
  }
  return true;
}

/// Sixteen positions of eight lanes: rows[i] holds lane i and, in its upper half, lane i + 4.
inline void requantize_16x8(const Requantize8& constants, const Postprocess& k,
                            const std::int32_t* const (&psums)[16], int lane, __m256i (&rows)[4]) {
  const __m256i lowest = _mm256_set1_epi32(static_cast<std::int32_t>(k.lowest));
  const __m256i highest = _mm256_set1_epi32(static_cast<std::int32_t>(k.highest));
  const __m256i by_lane = _mm256_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 0,
                                           4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  __m256i four[4];  // of four positions each: a word of 32 bits a lane
  for (int i = 0; i < 4; ++i) {
    __m256i y[4];
    for (int j = 0; j < 4; ++j) {
      y[j] = constants(load_256(psums[4 * i + j] + lane));
      y[j] = _mm256_min_epi32(_mm256_max_epi32(y[j], lowest), highest);
    }
    const __m256i words =
        _mm256_packs_epi16(_mm256_packs_epi32(y[0], y[1]), _mm256_packs_epi32(y[2], y[3]));
    four[i] = _mm256_shuffle_epi8(words, by_lane);
  }
  const __m256i a = _mm256_unpacklo_epi32(four[0], four[1]);
  const __m256i b = _mm256_unpackhi_epi32(four[0], four[1]);
  const __m256i c = _mm256_unpacklo_epi32(four[2], four[3]);
  const __m256i d = _mm256_unpackhi_epi32(four[2], four[3]);
  rows[0] = _mm256_unpacklo_epi64(a, c);
  rows[1] = _mm256_unpackhi_epi64(a, c);
  rows[2] = _mm256_unpacklo_epi64(b, d);
  rows[3] = _mm256_unpackhi_epi64(b, d);
}

/// Sixteen positions at a time; the last sixteen begin early and write some words twice.
inline void postprocess_int8_256(const Postprocess& k) {
  if (!results_have_few_bits(k)) return postprocess_integer<std::int8_t, std::int32_t>(k);
  const Requantize8 constants[2] = {Requantize8(k, 0), Requantize8(k, 8)};
  const auto* const first = static_cast<const std::int32_t*>(k.psums);
  for (int i = 0; i < k.positions; i += 16) {
    const int at = i == 0 || i + 16 <= k.positions ? i : k.positions - 16;
    const int count = k.positions < 16 ? k.positions : 16;
    const std::int32_t* psums[16];
    for (int j = 0; j < 16; ++j) psums[j] = first + (at + (j < count ? j : 0)) * k.psum_lanes;
    for (int half = 0; half < 2 && half * 8 < k.lanes; ++half) {
      __m256i rows[4];
      requantize_16x8(constants[half], k, psums, half * 8, rows);
      for (int lane = half * 8; lane < half * 8 + 8 && lane < k.lanes; ++lane) {
        alignas(16) std::int8_t words[16];
        const __m256i row = rows[lane % 4];
        _mm_store_si128(reinterpret_cast<__m128i*>(words), lane % 8 < 4
                                                               ? _mm256_castsi256_si128(row)
                                                               : _mm256_extracti128_si256(row, 1));
        std::int8_t* const out = static_cast<std::int8_t*>(k.out) + lane * k.out_stride + at;
        if (count == 16) {
          __builtin_memcpy(out, words, 16);
        } else {
          __builtin_memcpy(out, words, static_cast<std::size_t>(count));
        }
      }
    }
  }
}

inline Table make_table_256(const char* name) {
  Table table = make_table(name);
  table.int8.pack_ifmap = &pack_ifmap_256<std::int8_t>;
  table.int16.pack_ifmap = &pack_ifmap_256<std::int16_t>;
  table.fp32.pack_ifmap = &pack_ifmap_256<float>;
  table.int8.pack_filters = &pack_filters_256<std::int8_t>;
  table.int16.pack_filters = &pack_filters_256<std::int16_t>;
  table.fp32.pack_filters = &pack_filters_256<float>;
  table.int8.postprocess = &postprocess_int8_256;
  return table;
}
