#include "models/input/preprocess.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/error.hpp"
#include "models/base/integer.hpp"

namespace ridgeline {
namespace {

/// The piece of a picture that is taken.
struct Piece {
  Range rows, columns;
};

Piece piece_of(const Pixels& pixels, PictureFit fit, int height, int width) {
  Piece piece{{0, pixels.height}, {0, pixels.width}};
  if (fit != PictureFit::crop) return piece;
  const auto centred = [](int extent, double wanted) {
    const int size = std::clamp(static_cast<int>(std::lround(wanted)), 1, extent);
    const int begin = (extent - size) / 2;
    return Range{begin, begin + size};
  };
  const double aspect = static_cast<double>(width) / height;
  if (pixels.width > pixels.height * aspect) {
    piece.columns = centred(pixels.width, pixels.height * aspect);
  } else {
    piece.rows = centred(pixels.height, pixels.width / aspect);
  }
  return piece;
}

/// The pixels that one element is a mean of.
struct Taps {
  int first = 0;
  std::vector<double> weights{};  ///< they add up to one
};

/// For each of `count` elements that share out the pixels of `range`.
std::vector<Taps> taps_of(Range range, int count) {
  std::vector<Taps> all(static_cast<std::size_t>(count));
  const double step = static_cast<double>(range.size()) / count;
  const double reach = std::max(step, 1.0);
  for (int i = 0; i < count; ++i) {
    const double centre = (i + 0.5) * step;
    const int first = std::max(0, static_cast<int>(std::floor(centre - reach)));
    const int end = std::min(range.size(), static_cast<int>(std::ceil(centre + reach)));
    Taps& taps = all[static_cast<std::size_t>(i)];
    taps.first = range.begin + first;
    double sum = 0;
    for (int k = first; k < end; ++k) {
      const double weight = std::max(0.0, 1 - std::abs(k + 0.5 - centre) / reach);
      taps.weights.push_back(weight);
      sum += weight;
    }
    for (double& weight : taps.weights) weight /= sum;
  }
  return all;
}

/// The piece of one channel, scaled to height x width, in 0..255.
class Scaler {
 public:
  Scaler(const Pixels& pixels, const Piece& piece, int height, int width)
      : pixels_(pixels),
        down_(taps_of(piece.rows, height)),
        across_(taps_of(piece.columns, width)) {}

  /// Adds weight x value of the channel to `plane`.
  void add(int channel, double weight, std::vector<double>& plane) const {
    std::vector<double> row(across_.size());
    double* out = plane.data();
    for (const Taps& rows : down_) {
      std::ranges::fill(row, 0.0);
      for (std::size_t k = 0; k < rows.weights.size(); ++k) {
        if (rows.weights[k] != 0)
          add_row(channel, rows.first + static_cast<int>(k), rows.weights[k], row);
      }
      for (const double value : row) *out++ += weight * value * 255 / pixels_.largest;
    }
  }

 private:
  void add_row(int channel, int h, double weight, std::vector<double>& row) const {
    const std::size_t step = static_cast<std::size_t>(pixels_.channels);
    const std::uint16_t* from =
        pixels_.values.data() +
        static_cast<std::size_t>(h) * static_cast<std::size_t>(pixels_.width) * step +
        static_cast<std::size_t>(channel);
    for (std::size_t w = 0; w < row.size(); ++w) {
      const Taps& columns = across_[w];
      double sum = 0;
      for (std::size_t k = 0; k < columns.weights.size(); ++k) {
        sum += columns.weights[k] * from[(static_cast<std::size_t>(columns.first) + k) * step];
      }
      row[w] += weight * sum;
    }
  }

  const Pixels& pixels_;
  std::vector<Taps> down_, across_;
};

/// How much of red, green and blue makes channel c of the input.
std::array<double, 3> mix_of(ChannelOrder order, std::size_t c) {
  if (order == ChannelOrder::grey) return {0.299, 0.587, 0.114};
  std::array<double, 3> mix{0, 0, 0};
  mix[order == ChannelOrder::rgb ? c : 2 - c] = 1;
  return mix;
}

}  // namespace

Tensor<float> preprocess(const SourceText& source, const Pixels& pixels,
                         const Preprocessing& preprocessing, int height, int width) {
  const bool same_size = pixels.height == height && pixels.width == width;
  if (!same_size && preprocessing.fit == PictureFit::exact)
    throw InputError(
        {.file = source.path,
         .what = fmt::format("the picture is {} wide and {} high", pixels.width, pixels.height),
         .allowed = fmt::format("{} by {}, the size of the network's input, or --fit "
                                "crop or stretch",
                                width, height)});
  const Scaler scaler(pixels, piece_of(pixels, preprocessing.fit, height, width), height, width);
  Tensor<float> input({1, preprocessing.channel_count(), height, width});
  float* out = input.data.data();
  std::vector<double> plane(static_cast<std::size_t>(height) * static_cast<std::size_t>(width));
  for (std::size_t c = 0; c < preprocessing.means().size(); ++c) {
    std::ranges::fill(plane, 0.0);
    const std::array<double, 3> mix = mix_of(preprocessing.channels, c);
    for (std::size_t colour = 0; colour < mix.size(); ++colour) {
      const bool grey = pixels.channels == 1;
      if (mix[colour] != 0) scaler.add(grey ? 0 : static_cast<int>(colour), mix[colour], plane);
    }
    for (const double pixel : plane) {
      *out++ = static_cast<float>((pixel - preprocessing.mean[c]) * preprocessing.scale[c]);
    }
  }
  return input;
}

}  // namespace ridgeline
