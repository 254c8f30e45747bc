#pragma once

#include <cstdint>
#include <vector>

#include "models/base/source_text.hpp"

/// Pictures as files hold them, decoded from bytes; nothing here opens a file.
///
/// Everything throws InputError, and nothing else, for whatever bytes come in. A picture has at
/// most 2^26 pixels, and no memory is asked for before the file has shown that it may hold what it
/// declares: a PPM must be as long as its header says, and a PNG hold its rows, at least a byte a
/// pixel and one more a row, at deflate's best ratio, 1032 : 1.
namespace ridgeline {

/// Rows from the top, pixels from the left, channels side by side.
struct Pixels {
  int width = 0, height = 0;
  int channels = 3;   ///< 3: red, green, blue; 1: grey
  int largest = 255;  ///< the value of full intensity
  std::vector<std::uint16_t> values{};

  bool operator==(const Pixels&) const = default;
};

/// Netpbm's P6 and P5 (binary pixmap and graymap), one picture, largest value 1 to 65535 (two bytes
/// a value, the higher first, from 256), comments in the header.
[[nodiscard]] Pixels decode_ppm(const SourceText& source);

/// PNG of every colour type and depth, interlaced or not. Palettes and grey of less than 8 bits are
/// expanded. Alpha, and a transparent colour, are dropped: colours count as they are stored, so
/// what was transparent shows its hidden colour. Gamma and colour profiles are not applied, as in
/// Caffe and PyTorch.
[[nodiscard]] Pixels decode_png(const SourceText& source);

/// @throws InputError unless 1 <= width, height and their product is at most 2^26.
void check_picture_size(const SourceText& source, std::int64_t width, std::int64_t height);

}  // namespace ridgeline
