#include <png.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "models/base/error.hpp"
#include "models/input/pixels.hpp"

namespace ridgeline {
namespace {

using Catch::Matchers::Contains;

struct PngOptions {
  int color_type = PNG_COLOR_TYPE_RGB;
  int depth = 8;
  bool interlaced = false;
};

constexpr int kWidth = 13, kHeight = 9, kColours = 5;

/// libpng's own encoder, over rows of samples packed as `options` say.
std::string encode(const PngOptions& options, std::vector<std::vector<png_byte>> rows) {
  std::string bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp p, png_bytep data, png_size_t n) {
        static_cast<std::string*>(png_get_io_ptr(p))->append(reinterpret_cast<char*>(data), n);
      },
      [](png_structp) {});
  png_set_IHDR(png, info, kWidth, static_cast<png_uint_32>(rows.size()), options.depth,
               options.color_type, options.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_color palette[kColours];
  png_byte transparent[kColours];
  for (int i = 0; i < kColours; ++i) {
    const auto c = static_cast<png_byte>(i);
    palette[i] = {c, static_cast<png_byte>(10 + c), static_cast<png_byte>(200 + c)};
    transparent[i] = static_cast<png_byte>(50 * i);
  }
  if (options.color_type == PNG_COLOR_TYPE_PALETTE) {
    const int colours = std::min(kColours, 1 << options.depth);
    png_set_PLTE(png, info, palette, colours);
    png_set_tRNS(png, info, transparent, colours, nullptr);
  }
  png_set_gAMA(png, info, 0.45455);
  std::vector<png_bytep> pointers;
  for (auto& row : rows) pointers.push_back(row.data());
  png_write_info(png, info);
  png_write_image(png, pointers.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

int channels_of(int color_type) {
  if (color_type == PNG_COLOR_TYPE_RGB) return 3;
  if (color_type == PNG_COLOR_TYPE_RGB_ALPHA) return 4;
  return color_type == PNG_COLOR_TYPE_GRAY_ALPHA ? 2 : 1;
}

/// Random samples packed into rows, and the pixels that they stand for.
struct Case {
  std::string bytes;
  Pixels expected;

  explicit Case(const PngOptions& options) {
    std::mt19937 random(7);
    const int channels = channels_of(options.color_type);
    const bool palette = options.color_type == PNG_COLOR_TYPE_PALETTE;
    const bool alpha = (options.color_type & PNG_COLOR_MASK_ALPHA) != 0;
    const int levels = palette ? std::min(kColours, 1 << options.depth) : 1 << options.depth;
    expected = {.width = kWidth,
                .height = kHeight,
                .channels = palette || channels > 2 ? 3 : 1,
                .largest = options.depth == 16 ? 65535 : 255};
    std::vector<std::vector<png_byte>> rows;
    for (int h = 0; h < kHeight; ++h) {
      std::vector<png_byte> row(
          static_cast<std::size_t>((kWidth * channels * options.depth + 7) / 8));
      for (int i = 0; i < kWidth * channels; ++i) {
        const int sample = static_cast<int>(random() % static_cast<unsigned>(levels));
        pack(row, i, options.depth, sample);
        if (palette) {
          for (const int value : {sample, 10 + sample, 200 + sample}) put(value);
        } else if (!alpha || i % channels != channels - 1) {
          put(options.depth >= 8 ? sample : sample * 255 / (levels - 1));
        }
      }
      rows.push_back(std::move(row));
    }
    bytes = encode(options, std::move(rows));
  }
  void put(int value) { expected.values.push_back(static_cast<std::uint16_t>(value)); }
  static void pack(std::vector<png_byte>& row, int i, int depth, int sample) {
    const auto at = static_cast<std::size_t>(i * depth / 8);
    if (depth == 16) {
      row[at] = static_cast<png_byte>(sample >> 8);
      row[at + 1] = static_cast<png_byte>(sample & 0xFF);
    } else {
      row[at] = static_cast<png_byte>(row[at] | sample << (8 - depth - i * depth % 8));
    }
  }
};

std::string message(const std::string& bytes) {
  try {
    (void)decode_png({"cat.png", bytes});
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_CASE("A PNG of every colour type, depth and interlacing is decoded as libpng encoded it") {
  const std::vector<std::pair<int, std::vector<int>>> types{{PNG_COLOR_TYPE_GRAY, {1, 2, 4, 8, 16}},
                                                            {PNG_COLOR_TYPE_PALETTE, {1, 2, 4, 8}},
                                                            {PNG_COLOR_TYPE_RGB, {8, 16}},
                                                            {PNG_COLOR_TYPE_GRAY_ALPHA, {8, 16}},
                                                            {PNG_COLOR_TYPE_RGB_ALPHA, {8, 16}}};
  int cases = 0;
  for (const auto& [type, depths] : types) {
    for (const int depth : depths) {
      for (const bool interlaced : {false, true}) {
        INFO("colour type " << type << ", depth " << depth << ", interlaced " << interlaced);
        const Case one({type, depth, interlaced});
        CHECK(decode_png({"cat.png", one.bytes}) == one.expected);
        ++cases;
      }
    }
  }
  CHECK(cases == 30);
}

TEST_CASE("Every truncation of a PNG is refused, and every byte that is changed is survived") {
  const std::string whole = Case({PNG_COLOR_TYPE_PALETTE, 4, true}).bytes;
  CHECK(message(whole) == "accepted");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    CHECK_THAT(message(whole.substr(0, size)), Contains("cat.png: is no valid PNG"));
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    (void)message(changed);
  }
}

/// A PNG of one chunk, IHDR with a right checksum, and an empty IDAT.
std::string declaring(std::uint32_t width, std::uint32_t height) {
  std::string bytes = Case({PNG_COLOR_TYPE_RGB, 8, false}).bytes;
  const auto put = [&](std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
      bytes[at + i] = static_cast<char>(value >> (24 - 8 * i) & 0xFF);
  };
  put(16, width);
  put(20, height);
  std::uint32_t crc = 0xFFFFFFFF;
  for (std::size_t at = 12; at < 29; ++at) {
    crc ^= static_cast<unsigned char>(bytes[at]);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  put(29, ~crc);
  return bytes;
}

TEST_CASE("A PNG that declares more than it can hold is refused before memory is asked for") {
  CHECK(message(declaring(kWidth, kHeight)) == "accepted");
  CHECK_THAT(message(declaring(8000, 8000)), Contains("declares 8000x8000 pixels of 24 bits"));
  CHECK_THAT(message(declaring(1, 60'000'000)), Contains("declares 1x60000000 pixels"));
  CHECK_THAT(message(declaring(0x7FFFFFFF, 0x7FFFFFFF)), Contains("allowed: 1 to 67108864 pixels"));
  CHECK_THAT(message(declaring(0x80000000, 1)), Contains("is no valid PNG"));
  CHECK_THAT(message(declaring(0, 1)), Contains("is no valid PNG"));
}

}  // namespace
}  // namespace ridgeline
