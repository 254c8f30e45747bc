// The loops of kernel.hpp, written once over a `Lanes` type and compiled once for each instruction
// set: each including file first switches the target and names its own namespace, so no two
// versions share a symbol. Therefore no include guard, and no includes of its own.

/// Where the operands and psums of a block of `U` positions lie.
template <class Psum, int U>
struct Positions {
  const std::int32_t* ifmap[U];
  Psum* psums[U];
};

/// The filters are read once for all positions of the block, and the ifmap once for all `V` vectors
/// of filters, `vec_elements` apart; the sums stay in registers.
template <class Lanes, int V, int U, int Room>
inline void accumulate_block(const MultiplyAccumulate& k, const std::int32_t* filters,
                             std::ptrdiff_t vec_elements,
                             const Positions<typename Lanes::Psum, Room>& at) {
  Lanes sums[V][U];
  for (int v = 0; v < V; ++v) {
    for (int u = 0; u < U; ++u) {
      if (k.first) {
        sums[v][u].clear();
      } else {
        sums[v][u].load(at.psums[u] + v * kLanes);
      }
    }
  }
  // Without dilation the taps of a row are one run.
  const bool whole_row = k.dilation_w == 1;
  const int taps = k.s1 - k.s0;
  const int steps = whole_row ? 1 : taps;
  const int run = whole_row ? taps * k.elements : k.elements;
  const std::ptrdiff_t step = std::ptrdiff_t{k.dilation_w} * k.elements;
  for (int block = 0; block < k.blocks; ++block) {
    for (int r = k.r0; r < k.r1; ++r) {
      std::ptrdiff_t x = block * k.ifmap_block + r * k.dilation_h * k.ifmap_row + k.s0 * step;
      const std::int32_t* w =
          filters + ((std::ptrdiff_t{block} * k.R + r) * k.S + k.s0) * k.elements * kLanes;
      for (int s = 0; s < steps; ++s, x += step) {
        for (int i = 0; i < run; ++i, w += kLanes) {
          for (int v = 0; v < V; ++v) {
            const typename Lanes::Filter filter(w + v * vec_elements);
            for (int u = 0; u < U; ++u) sums[v][u].multiply_add(filter, at.ifmap[u][x + i]);
          }
        }
      }
    }
  }
  for (int v = 0; v < V; ++v) {
    for (int u = 0; u < U; ++u) sums[v][u].store(at.psums[u] + v * kLanes);
  }
}

/// The positions that are left at the end, in one block of just their number: several small blocks
/// would each wait for their own chain of sums.
template <class Lanes, int V, int U, int Room>
inline void accumulate_rest(const MultiplyAccumulate& k, const std::int32_t* filters,
                            std::ptrdiff_t vec_elements,
                            const Positions<typename Lanes::Psum, Room>& at, int count) {
  if constexpr (U > 0) {
    if (count == U) {
      accumulate_block<Lanes, V, U>(k, filters, vec_elements, at);
    } else {
      accumulate_rest<Lanes, V, U - 1>(k, filters, vec_elements, at, count);
    }
  }
}

/// `V` vectors from `vec` on, block by block of the positions, across the ends of rows.
template <class Lanes, int V>
void accumulate_vecs(const MultiplyAccumulate& k, int vec) {
  using Psum = typename Lanes::Psum;
  const std::ptrdiff_t vec_elements = std::ptrdiff_t{k.blocks} * k.R * k.S * k.elements * kLanes;
  const std::int32_t* const filters = k.filters + vec * vec_elements;
  Psum* const psums = static_cast<Psum*>(k.psums) + vec * kLanes;
  Positions<Psum, Lanes::kBlock> at;
  int filled = 0;
  for (int p = k.p0; p < k.p1; ++p) {
    for (int q = k.q0; q < k.q1; ++q) {
      at.ifmap[filled] =
          k.ifmap + p * k.stride_h * k.ifmap_row + std::ptrdiff_t{q} * k.stride_w * k.elements;
      at.psums[filled] = psums + p * k.psum_row + q * k.psum_lanes;
      if (++filled < Lanes::kBlock) continue;
      accumulate_block<Lanes, V, Lanes::kBlock>(k, filters, vec_elements, at);
      filled = 0;
    }
  }
  accumulate_rest<Lanes, V, Lanes::kBlock - 1>(k, filters, vec_elements, at, filled);
}

/// All positions for a few vectors of filters before the next, which then stay in the level 1
/// cache.
template <class Lanes>
void multiply_accumulate(const MultiplyAccumulate& k) {
  int vec = 0;
  for (; vec + Lanes::kVecs <= k.vecs; vec += Lanes::kVecs) {
    accumulate_vecs<Lanes, Lanes::kVecs>(k, vec);
  }
  for (; vec < k.vecs; ++vec) accumulate_vecs<Lanes, 1>(k, vec);
}

/// Channels in an element.
template <class T>
inline constexpr int kChannels = sizeof(T) == 4 ? 1 : 2;

/// An element of the words at `a` and, of the next channel, `b`; null: there is no such channel.
template <class T>
inline std::int32_t packed_element(const T* a, const T* b, std::int32_t zero) {
  if constexpr (sizeof(T) == 4) {
    return a == nullptr ? 0 : std::bit_cast<std::int32_t>(*a);
  } else {
    const auto half = [zero](const T* word) {
      return word == nullptr ? 0U : static_cast<std::uint32_t>(*word - zero) & 0xFFFFU;
    };
    return static_cast<std::int32_t>(half(a) | (half(b) << 16));
  }
}

/// Positions [begin, end) and elements [first, last) of a run.
template <class T>
inline void pack_ifmap_part(const PackIfmap& k, int begin, int end, int first, int last) {
  const T* const words = static_cast<const T*>(k.words);
  for (int element = first; element < last; ++element) {
    const int c = element * kChannels<T>;
    const T* const a = c < k.channels ? words + c * k.channel_stride : nullptr;
    const T* const b = c + 1 < k.channels ? a + k.channel_stride : nullptr;
    for (int i = begin; i < end; ++i) {
      k.out[std::ptrdiff_t{i} * k.elements + element] =
          packed_element(a == nullptr ? a : a + i, b == nullptr ? b : b + i, k.zero);
    }
  }
}

template <class T>
void pack_ifmap(const PackIfmap& k) {
  pack_ifmap_part<T>(k, 0, k.positions, 0, k.elements);
}

/// Elements [first, last) of one tap.
template <class T>
inline void pack_filters_part(const PackFilters& k, int tap, int first, int last) {
  const T* const words = static_cast<const T*>(k.words) + tap;
  std::int32_t* out = k.out + (std::ptrdiff_t{tap} * k.elements + first) * kLanes;
  for (int element = first; element < last; ++element) {
    const int c = element * kChannels<T>;
    for (int lane = 0; lane < kLanes; ++lane) {
      const bool exists = lane < k.lanes && c < k.channels;
      const T* const a = exists ? words + lane * k.filter_stride + c * k.taps : nullptr;
      const T* const b = exists && c + 1 < k.channels ? a + k.taps : nullptr;
      *out++ = packed_element(a, b, k.zeros[lane]);
    }
  }
}

template <class T>
void pack_filters(const PackFilters& k) {
  for (int tap = 0; tap < k.taps; ++tap) pack_filters_part<T>(k, tap, 0, k.elements);
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

/// The largest of the columns that each window meets; kStride 0: any.
template <class T, int kStride>
inline void max_of_columns(const MaxPoolRow& k, const T* columns, T* out) {
  const int stride = kStride == 0 ? k.stride : kStride;
  const int positions = k.positions;
  for (int i = 0; i < positions; ++i) out[i] = columns[std::ptrdiff_t{i} * stride];
  for (int s = 1; s < k.S; ++s) {
    const T* const x = columns + s * k.dilation;
    for (int i = 0; i < positions; ++i) {
      const T word = x[std::ptrdiff_t{i} * stride];
      out[i] = word > out[i] ? word : out[i];
    }
  }
}

template <class T>
void max_pool_row(const MaxPoolRow& k) {
  T* const columns = static_cast<T*>(k.columns);
  T* const inner = columns + k.pad_left;
  const T* const rows = static_cast<const T*>(k.rows);
  const int width = k.width;
  constexpr T kLeast = std::numeric_limits<T>::lowest();
  for (int x = 0; x < width; ++x) inner[x] = rows[x] > kLeast ? rows[x] : kLeast;
  for (int r = 1; r < k.R; ++r) {
    const T* const row = rows + r * k.row_step;
    for (int x = 0; x < width; ++x) inner[x] = row[x] > inner[x] ? row[x] : inner[x];
  }
  T* const out = static_cast<T*>(k.out);
  if (k.stride == 2) {
    max_of_columns<T, 2>(k, columns, out);
  } else if (k.stride == 1) {
    max_of_columns<T, 1>(k, columns, out);
  } else {
    max_of_columns<T, 0>(k, columns, out);
  }
  const T lowest = sizeof(T) == 4 ? static_cast<T>(k.lowest_fp32) : static_cast<T>(k.lowest);
  const T highest = sizeof(T) == 4 ? static_cast<T>(k.highest_fp32) : static_cast<T>(k.highest);
  for (int i = 0; i < k.positions; ++i) {
    const T raised = out[i] < lowest ? lowest : out[i];
    out[i] = raised > highest ? highest : raised;
  }
}

inline Table make_table(const char* name) {
  return {.int8 = {name, &multiply_accumulate<Int32Lanes>, &pack_ifmap<std::int8_t>,
                   &pack_filters<std::int8_t>, &postprocess_integer<std::int8_t, std::int32_t>,
                   &max_pool_row<std::int8_t>},
          .int16 = {name, &multiply_accumulate<Int64Lanes>, &pack_ifmap<std::int16_t>,
                    &pack_filters<std::int16_t>, &postprocess_integer<std::int16_t, std::int64_t>,
                    &max_pool_row<std::int16_t>},
          .fp32 = {name, &multiply_accumulate<FloatLanes>, &pack_ifmap<float>, &pack_filters<float>,
                   &postprocess_fp32, &max_pool_row<float>}};
}
