#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "models/arch/precision.hpp"

/// The inner loops of the simulated PE array and vector unit, in one version for each instruction
/// set, chosen at run time. Every version gives the same bits: integer sums are exact and fp32
/// keeps one order and never fuses a multiply with an add.
///
/// All operands are packed for the array: a packed element is 4 bytes, either two int16 words of
/// neighbouring channels (a pair; int8 words are widened, less their zero point) or one fp32 word.
/// The channels of a position lie together, so that a position's operands, and those of its
/// neighbours in a row, are one run of memory.
namespace ridgeline::kernel {

/// Output channels that are computed side by side.
inline constexpr int kLanes = 16;

/// psums[p][q][lane] += (or, if `first`, =) sum over block, r, s, element, in that order, of
/// ifmap[block][p * stride + r * dilation][q * stride + s * dilation][element] *
/// filters[vec][block][r][s][element][lane], for p, q, r, s in the given ranges. Strides count
/// elements.
struct MultiplyAccumulate {
  const std::int32_t* ifmap = nullptr;    ///< [blocks][height][width][elements]
  const std::int32_t* filters = nullptr;  ///< [vecs][blocks][R][S][elements][kLanes]
  void* psums = nullptr;                  ///< [P][Q][psum_lanes] of int32, int64 or fp32
  int blocks = 1, elements = 1, vecs = 1;
  std::ptrdiff_t ifmap_block = 0, ifmap_row = 0;
  int R = 1, S = 1, r0 = 0, r1 = 1, s0 = 0, s1 = 1;
  int p0 = 0, p1 = 0, q0 = 0, q1 = 0;
  int stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1;
  std::ptrdiff_t psum_row = 0;    ///< from one p to the next
  std::ptrdiff_t psum_lanes = 0;  ///< from one q to the next
  bool first = false;             ///< the psums start at zero, whatever they hold
};

/// Packs a run of neighbouring positions: out[position][element] = (a - zero) | (b - zero) << 16
/// with a and b the words of channels 2 element and 2 element + 1, or the fp32 word of channel
/// `element` as it is. Channels that do not exist give zeros.
struct PackIfmap {
  const void* words = nullptr;        ///< [channels][channel_stride]
  std::ptrdiff_t channel_stride = 0;  ///< words
  int channels = 0, elements = 0, positions = 0;
  std::int32_t* out = nullptr;  ///< [positions][elements]
  std::int32_t zero = 0;        ///< point of integer words
};

/// Packs the filters of one vector: out[tap][element][lane], an element as in PackIfmap. Lanes
/// that do not exist give zeros.
struct PackFilters {
  const void* words = nullptr;       ///< [lanes][channels][taps], lanes `filter_stride` apart
  std::ptrdiff_t filter_stride = 0;  ///< words
  int lanes = 0, channels = 0, elements = 0, taps = 1;
  std::int32_t* out = nullptr;      ///< [taps][elements][kLanes]
  std::int32_t zeros[kLanes] = {};  ///< points of each filter's integer words
};

/// Bias, requantisation and clamp of up to kLanes neighbouring channels over a run of positions;
/// out[lane][position] with `out_stride` words from one channel to the next.
struct Postprocess {
  const void* psums = nullptr;  ///< [positions][psum_lanes], at the first lane
  std::ptrdiff_t psum_lanes = 0;
  void* out = nullptr;
  std::ptrdiff_t out_stride = 0;
  int positions = 0;
  int lanes = kLanes;  ///< used ones
  std::int64_t bias[kLanes] = {};
  std::int64_t multiplier[kLanes] = {};
  std::int64_t shift[kLanes] = {};
  float bias_fp32[kLanes] = {};
  std::int64_t zero_point = 0;           ///< added behind the factor
  std::int64_t lowest = 0, highest = 0;  ///< of integer words, within their range
  float lowest_fp32 = 0, highest_fp32 = 0;
};

/// One row of a max pooling: columns[i] = the largest word of column i over the window's rows,
/// then out[position] = the largest of columns[position * stride + s * dilation - pad_left], s in
/// [0, S), clamped. Not-a-number is never the largest.
struct MaxPoolRow {
  const void* rows = nullptr;   ///< of the window's rows, `row_step` words apart
  std::ptrdiff_t row_step = 0;  ///< words
  int R = 1, S = 1, width = 0, stride = 1, dilation = 1, positions = 0;
  /// [pad_left + width + padding to the right]: the padding holds the lowest word.
  void* columns = nullptr;
  int pad_left = 0;
  void* out = nullptr;
  std::int64_t lowest = 0, highest = 0;  ///< of integer words, within their range
  float lowest_fp32 = 0, highest_fp32 = 0;
};

struct Functions {
  const char* name;
  void (*multiply_accumulate)(const MultiplyAccumulate&);
  void (*pack_ifmap)(const PackIfmap&);
  void (*pack_filters)(const PackFilters&);
  void (*postprocess)(const Postprocess&);
  void (*max_pool_row)(const MaxPoolRow&);
};

/// One instruction set's versions for each precision.
struct Table {
  Functions int8, int16, fp32;
};

[[nodiscard]] const Table& portable_table();
/// Null where the machine (or the build) does not have the instruction set.
[[nodiscard]] const Table* avx2_table();
[[nodiscard]] const Table* avxvnni_table();  ///< AVX2 and the VEX form of vpdpwssd
[[nodiscard]] const Table* avx512_table();   ///< F, BW, DQ, VL and VNNI
/// The fastest that this machine runs.
[[nodiscard]] const Table& best_table();
/// Its functions for one precision.
[[nodiscard]] const Functions& functions_for(Precision precision);

}  // namespace ridgeline::kernel
