#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

/// How a picture becomes a network's input, as whoever trained the network did it:
///   input[c][h][w] = (pixel[c][h][w] - mean[c]) * scale[c], pixels in 0..255.
/// models/input/preprocess.hpp does it.
namespace ridgeline {

enum class ChannelOrder { rgb, bgr, grey };

/// What happens to a picture whose size is not the network's.
enum class PictureFit {
  exact,   ///< it is refused
  crop,    ///< the largest centred piece of the input's aspect ratio is scaled to the input
  stretch  ///< the whole picture is scaled to the input
};

struct Preprocessing {
  ChannelOrder channels = ChannelOrder::rgb;
  /// By channel in the order of `channels`; grey uses the first.
  std::array<double, 3> mean{0, 0, 0};
  std::array<double, 3> scale{1, 1, 1};
  PictureFit fit = PictureFit::crop;

  [[nodiscard]] int channel_count() const { return channels == ChannelOrder::grey ? 1 : 3; }
  [[nodiscard]] std::span<const double> means() const;   ///< channel_count() of them
  [[nodiscard]] std::span<const double> scales() const;  ///< channel_count() of them
  bool operator==(const Preprocessing&) const = default;
};

/// "rgb", "bgr", "grey", in the order of the enumeration; likewise "exact", "crop", "stretch".
inline constexpr std::array<const char*, 3> kChannelOrderNames{"rgb", "bgr", "grey"};
inline constexpr std::array<const char*, 3> kPictureFitNames{"exact", "crop", "stretch"};

/// "bgr, minus 104, 117, 123, times 0.017; other sizes: crop", for people.
[[nodiscard]] std::string preprocessing_text(const Preprocessing& preprocessing);

}  // namespace ridgeline
