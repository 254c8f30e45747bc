#include "models/numeric/tile_datapath.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace ridgeline {
namespace {

/// Two int16 operands, or one fp32 word, in a packed element.
template <class T>
std::int32_t packed_element(const T* low, const T* high, std::int32_t zero) {
  if constexpr (sizeof(T) == 4) {
    return std::bit_cast<std::int32_t>(*low);
  } else {
    const auto half = [zero](const T* word) {
      return word == nullptr ? 0U : static_cast<std::uint32_t>(*word - zero) & 0xFFFFU;
    };
    return static_cast<std::int32_t>(half(low) | (half(high) << 16));
  }
}

}  // namespace

PsumLayout psum_layout(const PassExtent& pass, const Tile& tile) {
  return {.groups = tile.g.size(), .M = tile.m.size(), .block = pass.M};
}

std::size_t stored_psum_bytes(const PsumLayout& layout, const Tile& tile, Precision precision) {
  return static_cast<std::size_t>(psum_bytes(precision).count() * layout.lanes()) *
         static_cast<std::size_t>(tile.n.size() * tile.p.size() * tile.q.size());
}

int TileDatapath::elements_of(int channels) const {
  return precision_ == Precision::fp32 ? channels : ceil_div(channels, 2);
}

void TileDatapath::start_layer(const ConvShape& shape, Precision precision, const PassExtent& size,
                               const OperandZeros& zeros) {
  shape_ = shape;
  precision_ = precision;
  size_ = size;
  zeros_ = zeros;
  functions_ = kernel::functions_for(precision);
}

void TileDatapath::take_ifmap(int half, std::span<const std::byte> words, const Tile& tile) {
  const IfmapBlock from = ifmap_block(shape_, tile.p, tile.q);
  PackedIfmap& to = ifmaps_[static_cast<std::size_t>(half)];
  to.height = from.height;
  to.width = from.width;
  to.block = std::min(size_.C, tile.c.size());
  to.blocks = ceil_div(tile.c.size(), to.block);
  to.elements_per_block = elements_of(to.block);
  const std::size_t plane =
      static_cast<std::size_t>(to.height) * static_cast<std::size_t>(to.width);
  const std::size_t planes =
      static_cast<std::size_t>(tile.n.size() * tile.g.size() * to.blocks * to.elements_per_block);
  const bool padded = from.real_words() != std::int64_t{to.height} * to.width;
  to.data.resize(planes * plane);
  if (padded) std::ranges::fill(to.data, 0);

  const std::size_t word = static_cast<std::size_t>(word_bytes(precision_).count());
  const std::size_t row_bytes = word * static_cast<std::size_t>(from.cols.size());
  const std::size_t channel_bytes = row_bytes * static_cast<std::size_t>(from.rows.size());
  const int channels_per_element = precision_ == Precision::fp32 ? 1 : 2;
  for (std::size_t at = 0; at < planes; ++at) {
    const int element = static_cast<int>(at) % to.elements_per_block;
    const int block = static_cast<int>(at) / to.elements_per_block % to.blocks;
    const int group = static_cast<int>(at) / to.elements_per_block / to.blocks;  // of any image
    const Range channels = block_of(block, to.block, tile.c.size());
    const int c = channels.begin + element * channels_per_element;
    if (c >= channels.end) {
      std::fill_n(to.data.begin() + static_cast<std::ptrdiff_t>(at * plane), plane, 0);
      continue;
    }
    const bool has_second = channels_per_element == 2 && c + 1 < channels.end;
    const std::byte* source =
        words.data() + static_cast<std::size_t>(group * tile.c.size() + c) * channel_bytes;
    std::int32_t* out =
        to.data.data() + at * plane +
        static_cast<std::size_t>(from.pad_top) * static_cast<std::size_t>(to.width) +
        static_cast<std::size_t>(from.pad_left);
    for (int row = 0; row < from.rows.size(); ++row) {
      functions_.pack_row({.a = source,
                           .b = has_second ? source + channel_bytes : nullptr,
                           .out = out,
                           .count = from.cols.size(),
                           .zero = zeros_.ifmap});
      source += row_bytes;
      out += to.width;
    }
  }
}

template <class T>
void TileDatapath::pack_filters(PackedFilters& packed, const T* words, const Tile& tile) const {
  const PsumLayout lanes = psum_layout(size_, tile);
  const int M = tile.m.size();
  const int C = tile.c.size();
  const int taps = shape_.R() * shape_.S();
  const int c_block = std::min(size_.C, C);
  packed.elements_per_block = elements_of(c_block);
  const int c_blocks = ceil_div(C, c_block);
  const int per_element = sizeof(T) == 4 ? 1 : 2;
  const std::size_t channel = static_cast<std::size_t>(taps);
  const std::size_t filter = static_cast<std::size_t>(C) * channel;
  packed.data.assign(static_cast<std::size_t>(lanes.lanes()) *
                         static_cast<std::size_t>(c_blocks * packed.elements_per_block * taps),
                     0);
  std::int32_t* out = packed.data.data();
  for (int g = 0; g < tile.g.size(); ++g) {
    for (int mb = 0; mb < lanes.blocks(); ++mb) {
      const Range ms = block_of(mb, lanes.block, M);
      for (int cb = 0; cb < c_blocks; ++cb) {
        const Range cs = block_of(cb, c_block, C);
        for (int vec = 0; vec < lanes.vecs_per_block(); ++vec) {
          const int m0 = ms.begin + vec * kernel::kLanes;
          const int used = std::clamp(ms.end - m0, 0, kernel::kLanes);
          for (int element = 0; element < packed.elements_per_block; ++element) {
            const int c = cs.begin + element * per_element;
            const bool present = c < cs.end;
            const bool has_second = per_element == 2 && c + 1 < cs.end;
            for (int lane = 0; present && lane < used; ++lane) {
              const int m = (tile.g.begin + g) * shape_.M_per_group() + tile.m.begin + m0 + lane;
              const std::int32_t zero = zeros_.of_filter(static_cast<std::size_t>(m));
              const T* const from = words + static_cast<std::size_t>(g * M + m0 + lane) * filter +
                                    static_cast<std::size_t>(c) * channel;
              for (int tap = 0; tap < taps; ++tap) {
                out[tap * kernel::kLanes + lane] = packed_element(
                    from + tap, has_second ? from + tap + taps : static_cast<const T*>(nullptr),
                    zero);
              }
            }
            out += taps * kernel::kLanes;
          }
        }
      }
    }
  }
}

void TileDatapath::take_filters(int half, std::span<const std::byte> words, const Tile& tile) {
  PackedFilters& packed = filters_[static_cast<std::size_t>(half)];
  switch (precision_) {
    case Precision::int8:
      return pack_filters(packed, reinterpret_cast<const std::int8_t*>(words.data()), tile);
    case Precision::int16:
      return pack_filters(packed, reinterpret_cast<const std::int16_t*>(words.data()), tile);
    case Precision::fp32:
      return pack_filters(packed, reinterpret_cast<const float*>(words.data()), tile);
  }
}

void TileDatapath::run_pass(const Pass& pass, const Tile& tile, int ifmap_half, int filter_half,
                            std::span<std::byte> psums) const {
  assert(pass.k == Range{});
  for (const PositionBlock& positions : position_blocks(pass)) {
    if (positions.p.size() == 0) continue;
    run_block(pass, positions, tile, ifmap_half, filter_half, psums);
  }
}

void TileDatapath::run_block(const Pass& pass, const PositionBlock& positions, const Tile& tile,
                             int ifmap_half, int filter_half, std::span<std::byte> psums) const {
  const PsumLayout lanes = psum_layout(size_, tile);
  const PackedIfmap& x = ifmaps_[static_cast<std::size_t>(ifmap_half)];
  const PackedFilters& w = filters_[static_cast<std::size_t>(filter_half)];
  const int group = pass.g - tile.g.begin;
  const int m_block = (pass.m.begin - tile.m.begin) / lanes.block;
  const int c_block = (pass.c.begin - tile.c.begin) / x.block;
  const std::ptrdiff_t plane = std::ptrdiff_t{x.height} * x.width;
  const std::ptrdiff_t vec_elements =
      std::ptrdiff_t{w.elements_per_block} * shape_.R() * shape_.S() * kernel::kLanes;
  const std::ptrdiff_t filter_block =
      ((std::ptrdiff_t{group} * lanes.blocks() + m_block) * x.blocks + c_block) *
      lanes.vecs_per_block();
  const std::size_t psum_word = static_cast<std::size_t>(psum_bytes(precision_).count());
  const Window& window = shape_.window;
  kernel::MultiplyAccumulate call{.filters = w.data.data() + filter_block * vec_elements,
                                  .pairs = w.elements_per_block,
                                  .vecs = ceil_div(pass.m.size(), kernel::kLanes),
                                  .ifmap_plane = plane,
                                  .ifmap_row = x.width,
                                  .R = shape_.R(),
                                  .S = shape_.S(),
                                  .r0 = pass.r.begin,
                                  .r1 = pass.r.end,
                                  .s0 = pass.s.begin,
                                  .s1 = pass.s.end,
                                  .p0 = positions.p.begin - tile.p.begin,
                                  .p1 = positions.p.end - tile.p.begin,
                                  .q0 = positions.q.begin - tile.q.begin,
                                  .q1 = positions.q.end - tile.q.begin,
                                  .stride_h = window.stride[0],
                                  .stride_w = window.stride[1],
                                  .dilation_h = window.dilation[0],
                                  .dilation_w = window.dilation[1],
                                  .psum_row = std::ptrdiff_t{tile.q.size()} * lanes.lanes(),
                                  .psum_lanes = lanes.lanes(),
                                  .first = pass.first};
  const std::ptrdiff_t image_elements =
      std::ptrdiff_t{tile.g.size()} * x.blocks * x.elements_per_block * plane;
  const std::size_t image_psums = psum_word * static_cast<std::size_t>(lanes.lanes()) *
                                  static_cast<std::size_t>(tile.p.size() * tile.q.size());
  for (int n = pass.n.begin - tile.n.begin; n < pass.n.end - tile.n.begin; ++n) {
    call.ifmap = x.data.data() + n * image_elements +
                 (std::ptrdiff_t{group} * x.blocks + c_block) * x.elements_per_block * plane;
    call.psums = psums.data() + static_cast<std::size_t>(n) * image_psums +
                 psum_word * static_cast<std::size_t>(lanes.lane_of_block(group, m_block));
    functions_.multiply_accumulate(call);
  }
}

}  // namespace ridgeline
