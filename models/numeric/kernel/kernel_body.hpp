// The loops of kernel.hpp, written once over a `Lanes` type and compiled once for each instruction
// set: each including file first switches the target and names its own namespace, so no two
// versions share a symbol. Therefore no include guard, and no includes of its own.

/// A block of `U` neighbouring positions: the filters are read once for all of them.
template <class Lanes, int U>
inline void accumulate_block(const MultiplyAccumulate& k, int vec, int p, int q) {
  using Word = typename Lanes::Psum;
  Word* const psums =
      static_cast<Word*>(k.psums) + p * k.psum_row + q * k.psum_lanes + vec * kLanes;
  Lanes sums[U];
  for (int u = 0; u < U; ++u) {
    if (k.first) {
      sums[u].clear();
    } else {
      sums[u].load(psums + u * k.psum_lanes);
    }
  }
  const std::int32_t* const filters =
      k.filters + static_cast<std::ptrdiff_t>(vec) * k.pairs * k.R * k.S * kLanes;
  for (int pair = 0; pair < k.pairs; ++pair) {
    for (int r = k.r0; r < k.r1; ++r) {
      const std::int32_t* const row = k.ifmap + pair * k.ifmap_plane +
                                      (p * k.stride_h + r * k.dilation_h) * k.ifmap_row +
                                      q * k.stride_w;
      const std::int32_t* const taps = filters + ((pair * k.R + r) * k.S) * kLanes;
      for (int s = k.s0; s < k.s1; ++s) {
        const typename Lanes::Filter filter(taps + s * kLanes);
        const std::int32_t* const x = row + s * k.dilation_w;
        for (int u = 0; u < U; ++u) sums[u].multiply_add(filter, x[u * k.stride_w]);
      }
    }
  }
  for (int u = 0; u < U; ++u) sums[u].store(psums + u * k.psum_lanes);
}

/// The positions that are left at the end of a row, in one block of just their number: several
/// small blocks would each wait for their own chain of sums.
template <class Lanes, int U>
inline void accumulate_rest(const MultiplyAccumulate& k, int vec, int p, int q) {
  if constexpr (U > 0) {
    if (k.q1 - q == U) {
      accumulate_block<Lanes, U>(k, vec, p, q);
    } else {
      accumulate_rest<Lanes, U - 1>(k, vec, p, q);
    }
  }
}

template <class Lanes>
void multiply_accumulate(const MultiplyAccumulate& k) {
  for (int p = k.p0; p < k.p1; ++p) {
    for (int vec = 0; vec < k.vecs; ++vec) {
      int q = k.q0;
      for (; q + Lanes::kBlock <= k.q1; q += Lanes::kBlock) {
        accumulate_block<Lanes, Lanes::kBlock>(k, vec, p, q);
      }
      accumulate_rest<Lanes, Lanes::kBlock - 1>(k, vec, p, q);
    }
  }
}

template <class T>
void pack_row(const PackRow& k) {
  const T* const a = static_cast<const T*>(k.a);
  const T* const b = static_cast<const T*>(k.b);
  std::int32_t* const out = k.out;
  const std::int32_t zero = k.zero;
  if constexpr (sizeof(T) == 4) {
    for (int i = 0; i < k.count; ++i) out[i] = std::bit_cast<std::int32_t>(a[i]);
  } else if (b == nullptr) {
    for (int i = 0; i < k.count; ++i) out[i] = (a[i] - zero) & 0xFFFF;
  } else {
    for (int i = 0; i < k.count; ++i) {
      out[i] = ((a[i] - zero) & 0xFFFF) |
               static_cast<std::int32_t>(static_cast<std::uint32_t>(b[i] - zero) << 16);
    }
  }
}

/// Writes a block of `positions` x kLanes results, position by position, as rows of channels.
template <class T>
inline void transpose_out(const Postprocess& k, const T* block, int at, int positions) {
  T* const out = static_cast<T*>(k.out) + at;
  for (int lane = 0; lane < k.lanes; ++lane) {
    for (int i = 0; i < positions; ++i) out[lane * k.out_stride + i] = block[i * kLanes + lane];
  }
}

template <class T, class Psum>
void postprocess_integer(const Postprocess& k) {
  constexpr int kChunk = 16;
  const std::int64_t zero_point = k.zero_point, lowest = k.lowest, highest = k.highest;
  alignas(64) T block[kChunk * kLanes];
  for (int at = 0; at < k.positions; at += kChunk) {
    const int positions = k.positions - at < kChunk ? k.positions - at : kChunk;
    for (int i = 0; i < positions; ++i) {
      const Psum* const psums = static_cast<const Psum*>(k.psums) + (at + i) * k.psum_lanes;
      for (int lane = 0; lane < kLanes; ++lane) {
        const std::int64_t sum = psums[lane] + k.bias[lane];
        std::int64_t y;
        if constexpr (sizeof(Psum) == 4) {
          // |psum + bias| < 2^32 and the multiplier is below 2^24: no overflow.
          y = (sum * k.multiplier[lane] + (std::int64_t{1} << (k.shift[lane] - 1))) >>
              k.shift[lane];
        } else {
          y = scale_and_round(sum, {static_cast<std::int32_t>(k.multiplier[lane]),
                                    static_cast<std::int32_t>(k.shift[lane])});
        }
        y += zero_point;
        y = y < lowest ? lowest : y;
        block[i * kLanes + lane] = static_cast<T>(y > highest ? highest : y);
      }
    }
    transpose_out(k, block, at, positions);
  }
}

inline void postprocess_fp32(const Postprocess& k) {
  constexpr int kChunk = 16;
  const float lowest = k.lowest_fp32, highest = k.highest_fp32;
  alignas(64) float block[kChunk * kLanes];
  for (int at = 0; at < k.positions; at += kChunk) {
    const int positions = k.positions - at < kChunk ? k.positions - at : kChunk;
    for (int i = 0; i < positions; ++i) {
      const float* const psums = static_cast<const float*>(k.psums) + (at + i) * k.psum_lanes;
      for (int lane = 0; lane < kLanes; ++lane) {
        const float y = psums[lane] + k.bias_fp32[lane];
        const float raised = y < lowest ? lowest : y;
        block[i * kLanes + lane] = raised > highest ? highest : raised;
      }
    }
    transpose_out(k, block, at, positions);
  }
}

inline Table make_table(const char* name) {
  return {.int8 = {name, &multiply_accumulate<Int32Lanes>, &pack_row<std::int8_t>,
                   &postprocess_integer<std::int8_t, std::int32_t>},
          .int16 = {name, &multiply_accumulate<Int64Lanes>, &pack_row<std::int16_t>,
                    &postprocess_integer<std::int16_t, std::int64_t>},
          .fp32 = {name, &multiply_accumulate<FloatLanes>, &pack_row<float>, &postprocess_fp32}};
}
