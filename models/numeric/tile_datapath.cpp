#include "models/numeric/tile_datapath.hpp"

#include <algorithm>
#include <stdexcept>

namespace ridgeline {
namespace {

/// Room for so many elements; what was there is of no interest, and room is never given back.
std::int32_t* room_for(std::vector<std::int32_t>& data, std::size_t elements) {
  if (data.size() < elements) data.resize(elements);
  return data.data();
}

std::size_t words_to_bytes(Precision precision, std::int64_t words) {
  return static_cast<std::size_t>((word_bytes(precision) * words).count());
}

}  // namespace

PsumLayout psum_layout(const Tile& tile) {
  return {.groups = tile.g.size(), .M = tile.m.size()};
}

std::size_t stored_psum_bytes(const PsumLayout& layout, const Tile& tile, Precision precision) {
  return static_cast<std::size_t>(psum_bytes(precision).count() * layout.lanes()) *
         static_cast<std::size_t>(tile.n.size() * tile.p.size() * tile.q.size());
}

TileDatapath::ChannelBlocks TileDatapath::channel_blocks(const Tile& tile) const {
  const int C = tile.c.size();
  if (precision_ != Precision::fp32) return {.size = C, .count = 1, .elements = ceil_div(C, 2)};
  const int size = std::min(size_.C, C);
  return {.size = size, .count = ceil_div(C, size), .elements = size};
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
  const ChannelBlocks blocks = channel_blocks(tile);
  PackedIfmap& to = ifmaps_[static_cast<std::size_t>(half)];
  to.height = from.height;
  to.width = from.width;
  const int groups = tile.n.size() * tile.g.size();  // of all images
  const std::size_t block_elements =
      static_cast<std::size_t>(to.height) * static_cast<std::size_t>(to.width * blocks.elements);
  const std::size_t elements = block_elements * static_cast<std::size_t>(groups * blocks.count);
  std::int32_t* out = room_for(to.data, elements);
  const bool padded = from.real_words() != std::int64_t{to.height} * to.width;
  if (padded) std::fill_n(out, elements, 0);
  const std::byte* source = words.data();
  for (int group = 0; group < groups; ++group) {
    for (int block = 0; block < blocks.count; ++block, out += block_elements) {
      const int channels = block_of(block, blocks.size, tile.c.size()).size();
      pack_block(from, source, channels, blocks.elements, out);
      source += words_to_bytes(precision_, channels * from.real_words());
    }
  }
}

void TileDatapath::pack_block(const IfmapBlock& from, const std::byte* words, int channels,
                              int elements, std::int32_t* out) const {
  // Without padding to either side the rows follow one another on both ends.
  const bool whole = from.cols.size() == from.width;
  const int runs = whole ? 1 : from.rows.size();
  const int positions = whole ? static_cast<int>(from.real_words()) : from.cols.size();
  const std::ptrdiff_t row = std::ptrdiff_t{from.width} * elements;
  out += from.pad_top * row + std::ptrdiff_t{from.pad_left} * elements;
  for (int i = 0; i < runs; ++i, out += row) {
    functions_.pack_ifmap({.words = words,
                           .channel_stride = static_cast<std::ptrdiff_t>(from.real_words()),
                           .channels = channels,
                           .elements = elements,
                           .positions = positions,
                           .out = out,
                           .zero = zeros_.ifmap});
    words += words_to_bytes(precision_, positions);
  }
}

void TileDatapath::take_filters(int half, std::span<const std::byte> words, const Tile& tile) {
  const ChannelBlocks blocks = channel_blocks(tile);
  const PsumLayout lanes = psum_layout(tile);
  const int M = tile.m.size(), C = tile.c.size();
  const int taps = shape_.R() * shape_.S();
  const std::ptrdiff_t block_elements = std::ptrdiff_t{taps} * blocks.elements * kernel::kLanes;
  const std::ptrdiff_t vecs = std::ptrdiff_t{lanes.groups} * lanes.vecs();
  std::int32_t* out = room_for(filters_[static_cast<std::size_t>(half)],
                               static_cast<std::size_t>(vecs * blocks.count * block_elements));
  kernel::PackFilters call{
      .filter_stride = std::ptrdiff_t{C} * taps, .elements = blocks.elements, .taps = taps};
  for (int g = 0; g < lanes.groups; ++g) {
    for (int m = 0; m < M; m += kernel::kLanes) {
      call.lanes = std::min(kernel::kLanes, M - m);
      const int first = (tile.g.begin + g) * shape_.M_per_group() + tile.m.begin + m;
      for (int lane = 0; lane < call.lanes; ++lane) {
        call.zeros[lane] = zeros_.of_filter(static_cast<std::size_t>(first + lane));
      }
      for (int block = 0; block < blocks.count; ++block, out += block_elements) {
        const Range cs = block_of(block, blocks.size, C);
        const std::int64_t at = (std::int64_t{g} * M + m) * C + cs.begin;
        call.words = words.data() + words_to_bytes(precision_, at * taps);
        call.channels = cs.size();
        call.out = out;
        functions_.pack_filters(call);
      }
    }
  }
}

void TileDatapath::run_pass(const Pass& pass, const Tile& tile, int ifmap_half, int filter_half,
                            std::span<std::byte> psums) const {
  // Not an assert: what is left out here would be computed all the same, and a lost pass not show.
  if (pass.k != Range{} || pass.m != tile.m || pass.c != tile.c) {
    throw std::logic_error("the passes of a tile leave out filters or channels");
  }
  for (const PositionBlock& positions : position_blocks(pass)) {
    if (positions.p.size() == 0) continue;
    run_block(pass, positions, tile, ifmap_half, filter_half, psums);
  }
}

void TileDatapath::run_block(const Pass& pass, const PositionBlock& positions, const Tile& tile,
                             int ifmap_half, int filter_half, std::span<std::byte> psums) const {
  const PsumLayout lanes = psum_layout(tile);
  const ChannelBlocks blocks = channel_blocks(tile);
  const PackedIfmap& x = ifmaps_[static_cast<std::size_t>(ifmap_half)];
  const std::int32_t* const w = filters_[static_cast<std::size_t>(filter_half)].data();
  const int group = pass.g - tile.g.begin;
  const Window& window = shape_.window;
  const std::ptrdiff_t row = std::ptrdiff_t{x.width} * blocks.elements;
  const std::ptrdiff_t block = x.height * row;
  const std::ptrdiff_t group_filters = std::ptrdiff_t{lanes.vecs()} * blocks.count * shape_.R() *
                                       shape_.S() * blocks.elements * kernel::kLanes;
  kernel::MultiplyAccumulate call{.filters = w + group * group_filters,
                                  .blocks = blocks.count,
                                  .elements = blocks.elements,
                                  .vecs = lanes.vecs(),
                                  .ifmap_block = block,
                                  .ifmap_row = row,
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
  const auto psum = static_cast<std::size_t>(psum_bytes(precision_).count());
  const auto image = psum * static_cast<std::size_t>(lanes.lanes() * tile.p.size()) *
                     static_cast<std::size_t>(tile.q.size());
  for (int n = pass.n.begin - tile.n.begin; n < pass.n.end - tile.n.begin; ++n) {
    const std::ptrdiff_t groups = std::ptrdiff_t{n} * tile.g.size() + group;
    call.ifmap = x.data.data() + groups * blocks.count * block;
    call.psums = psums.data() + static_cast<std::size_t>(n) * image +
                 psum * static_cast<std::size_t>(lanes.lane_of_group(group));
    functions_.multiply_accumulate(call);
  }
}

}  // namespace ridgeline
