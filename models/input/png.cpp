#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include "models/base/error.hpp"
#include "models/input/pixels.hpp"

namespace ridgeline {
namespace {

/// What libpng's callbacks use.
struct State {
  const char* next = nullptr;
  std::size_t left = 0;
  char message[200]{};
};

void read_bytes(png_structp png, png_bytep into, png_size_t count) {
  auto* state = static_cast<State*>(png_get_io_ptr(png));
  if (state->left < count) png_error(png, "the file ends too early");
  std::memcpy(into, state->next, count);
  state->next += count;
  state->left -= count;
}

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
  auto* state = static_cast<State*>(png_get_error_ptr(png));
  std::strncpy(state->message, message, sizeof state->message - 1);
  png_longjmp(png, 1);
}

void on_warning(png_structp /*png*/, png_const_charp /*message*/) {}

class Decoder {
 public:
  explicit Decoder(const SourceText& source)
      : source_(source), state_{.next = source.text.data(), .left = source.text.size()} {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &state_, &on_error, &on_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      fail("libpng has no memory");
    }
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }

  void read_header() {
    step([this] {
      png_set_read_fn(png_, &state_, &read_bytes);
      // Sizes are checked below; what neither colours nor pixels need is not even read.
      png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
      png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
      png_read_info(png_, info_);
    });
    const auto width = std::int64_t{png_get_image_width(png_, info_)};
    const auto height = std::int64_t{png_get_image_height(png_, info_)};
    check_picture_size(source_, width, height);
    const std::int64_t bits =
        std::int64_t{png_get_channels(png_, info_)} * png_get_bit_depth(png_, info_);
    // Deflate's best ratio is 1032 : 1, by RFC 1951's longest match. Each row has a byte more;
    // pixels of less than a byte count as one, since they become one.
    const std::int64_t held = static_cast<std::int64_t>(source_.text.size()) * 1032;
    if ((width * std::max<std::int64_t>(bits, 8) / 8 + 1) * height > held)
      fail(fmt::format("declares {}x{} pixels of {} bits, more than its {} bytes can hold", width,
                       height, bits, source_.text.size()));
  }

  Pixels read_pixels() {
    std::size_t row_bytes = 0;
    step([this, &row_bytes] {
      png_set_expand_gray_1_2_4_to_8(png_);
      png_set_palette_to_rgb(png_);
      png_set_strip_alpha(png_);
      (void)png_set_interlace_handling(png_);
      png_read_update_info(png_, info_);
      row_bytes = png_get_rowbytes(png_, info_);
    });
    const bool two_bytes = png_get_bit_depth(png_, info_) == 16;
    Pixels pixels{.width = static_cast<int>(png_get_image_width(png_, info_)),
                  .height = static_cast<int>(png_get_image_height(png_, info_)),
                  .channels = png_get_channels(png_, info_),
                  .largest = two_bytes ? 65535 : 255};
    const auto rows = static_cast<std::size_t>(pixels.height);
    std::vector<png_byte> bytes(row_bytes * rows);
    std::vector<png_bytep> row_pointers(rows);
    for (std::size_t i = 0; i < rows; ++i) row_pointers[i] = bytes.data() + i * row_bytes;
    step([this, &row_pointers] {
      png_read_image(png_, row_pointers.data());
      png_read_end(png_, nullptr);
    });
    const std::size_t width = two_bytes ? 2 : 1;
    pixels.values.resize(bytes.size() / width);
    for (std::size_t i = 0; i < pixels.values.size(); ++i) {
      const int value = two_bytes ? bytes[2 * i] << 8 | bytes[2 * i + 1] : bytes[i];
      pixels.values[i] = static_cast<std::uint16_t>(value);
    }
    return pixels;
  }

 private:
  [[noreturn]] void fail(std::string what) const {
    throw InputError({.file = source_.path, .what = std::move(what), .allowed = "a whole PNG"});
  }
  /// libpng reports errors by longjmp: `calls` holds nothing that must be destroyed, and what
  /// fails is thrown from here.
  template <class Calls>
  void step(Calls calls) {
    if (setjmp(png_jmpbuf(png_)) != 0) fail(fmt::format("is no valid PNG: {}", state_.message));
    calls();
  }

  const SourceText& source_;
  State state_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

Pixels decode_png(const SourceText& source) {
  Decoder decoder(source);
  decoder.read_header();
  return decoder.read_pixels();
}

}  // namespace ridgeline
