#include <cassert>
#include <cstring>
#include <vector>

#include "models/numeric/clamp.hpp"
#include "models/numeric/mixed_words.hpp"
#include "models/numeric/vector_datapath.hpp"

namespace ridgeline {
namespace {

/// Reads the records of `count` channels into the lanes of a call.
void load_records(kernel::Postprocess& call, const std::byte* record, Precision precision,
                  int count) {
  const auto bias_bytes = static_cast<std::size_t>(psum_bytes(precision).count());
  call.lanes = count;
  for (int lane = 0; lane < count; ++lane) {
    if (precision == Precision::fp32) {
      std::memcpy(&call.bias_fp32[lane], record, sizeof(float));
    } else {
      if (precision == Precision::int8) {
        std::int32_t bias = 0;
        std::memcpy(&bias, record, sizeof bias);
        call.bias[lane] = bias;
      } else {
        std::memcpy(&call.bias[lane], record, sizeof(std::int64_t));
      }
      std::uint32_t packed = 0;
      std::memcpy(&packed, record + bias_bytes, sizeof packed);
      const FixedPoint factor = FixedPoint::unpack(packed);
      call.multiplier[lane] = factor.multiplier;
      // A shift of a corrupted record must not become undefined behaviour.
      call.shift[lane] = std::clamp(factor.shift, 1, 62);
    }
    record += channel_record_bytes(precision).count();
  }
  for (int lane = count; lane < kernel::kLanes; ++lane) call.shift[lane] = 1;
}

void set_bounds(kernel::Postprocess& call, const VectorTile& io) {
  const auto put = [&]<class T>(T) {
    const WordBounds<T> bounds = own_bounds<T>(io.layer, io.parameters);
    if constexpr (std::is_floating_point_v<T>) {
      call.lowest_fp32 = bounds.lowest;
      call.highest_fp32 = bounds.highest;
    } else {
      call.zero_point = own_quantization(io.layer, io.parameters).zero_point;
      call.lowest = bounds.lowest;
      call.highest = bounds.highest;
    }
  };
  switch (io.precision.own) {
    case Precision::int8:
      return put(std::int8_t{});
    case Precision::int16:
      return put(std::int16_t{});
    case Precision::fp32:
      return put(float{});
  }
}

template <class T>
void add_residual(const VectorTile& io) {
  auto* const out = reinterpret_cast<T*>(io.output.data());
  const auto* const residual = reinterpret_cast<const T*>(io.residual.data());
  const std::size_t words = io.output.size() / sizeof(T);
  const WordBounds<T> bounds = sum_bounds<T>(io.layer, io.parameters);
  for (std::size_t i = 0; i < words; ++i) {
    if constexpr (sizeof(T) == 4) {
      out[i] = bounds(out[i] + residual[i]);
    } else {
      const std::int64_t y =
          add_and_round(out[i] - io.parameters.value.zero_point,
                        residual[i] - io.parameters.residual.zero_point, io.parameters.add);
      out[i] = bounds.narrow(y + io.parameters.output.zero_point);
    }
  }
}

/// Words, psums and additions of one width; records may be those of another.
void postprocess_words(const VectorTile& io, const PsumLayout& layout,
                       std::span<const std::byte> psums, std::span<const std::byte> records,
                       Precision of_records) {
  const int positions = io.tile.p.size() * io.tile.q.size();
  const auto word = static_cast<std::size_t>(word_bytes(io.precision).count());
  const auto psum = static_cast<std::size_t>(psum_bytes(io.precision).count());
  const auto record = static_cast<std::size_t>(channel_record_bytes(of_records).count());
  const kernel::Functions& functions = kernel::functions_for(io.precision);
  kernel::Postprocess call{
      .psum_lanes = layout.lanes(), .out_stride = positions, .positions = positions};
  set_bounds(call, io);
  const std::size_t channels = static_cast<std::size_t>(layout.groups * layout.M);
  const auto image_words = channels * static_cast<std::size_t>(positions);
  const auto image_psums = static_cast<std::size_t>(positions * layout.lanes());
  for (int n = 0; n < io.tile.n.size(); ++n) {
    const std::byte* const image = psums.data() + static_cast<std::size_t>(n) * image_psums * psum;
    std::byte* const out = io.output.data() + static_cast<std::size_t>(n) * image_words * word;
    for (int g = 0; g < layout.groups; ++g) {
      for (int m = 0; m < layout.M; m += kernel::kLanes) {
        const auto channel = static_cast<std::size_t>(g * layout.M + m);
        load_records(call, records.data() + channel * record, of_records,
                     std::min(kernel::kLanes, layout.M - m));
        call.psums = image + static_cast<std::size_t>(layout.lane_of_group(g) + m) * psum;
        call.out = out + channel * static_cast<std::size_t>(positions) * word;
        functions.postprocess(call);
      }
    }
  }
  if (io.residual.empty()) return;
  switch (io.precision.own) {
    case Precision::int8:
      return add_residual<std::int8_t>(io);
    case Precision::int16:
      return add_residual<std::int16_t>(io);
    case Precision::fp32:
      return add_residual<float>(io);
  }
}

/// Psums of int8 products as wide ones, and so all that follows.
void postprocess_mixed(const VectorTile& io, const PsumLayout& layout,
                       std::span<const std::byte> psums, std::span<const std::byte> records) {
  const auto* const narrow = reinterpret_cast<const std::int32_t*>(psums.data());
  const std::vector<std::int64_t> wide(narrow, narrow + psums.size() / sizeof(std::int32_t));
  WideTile tile(io);
  postprocess_words(tile.tile(), layout, std::as_bytes(std::span(wide)), records, io.precision);
  tile.put_back();
}

}  // namespace

void postprocess_tile(const VectorTile& io, const PsumLayout& layout,
                      std::span<const std::byte> psums, std::span<const std::byte> records) {
  if (!io.precision.is_mixed()) return postprocess_words(io, layout, psums, records, io.precision);
  assert(io.precision.own == Precision::int8);  // a wide layer has nothing narrow beside it
  postprocess_mixed(io, layout, psums, records);
}

void write_channel_records(const LayerParameters& parameters, Precision precision,
                           std::span<std::byte> out) {
  std::byte* at = out.data();
  for (const ChannelRecord& channel : parameters.channels) {
    if (precision == Precision::fp32) {
      std::memcpy(at, &channel.bias_fp32, sizeof(float));
    } else {
      const std::uint32_t packed = channel.factor.packed();
      if (precision == Precision::int8) {
        const auto bias = static_cast<std::int32_t>(channel.bias);
        std::memcpy(at, &bias, sizeof bias);
      } else {
        std::memcpy(at, &channel.bias, sizeof channel.bias);
      }
      std::memcpy(at + psum_bytes(precision).count(), &packed, sizeof packed);
    }
    at += channel_record_bytes(precision).count();
  }
}

}  // namespace ridgeline
