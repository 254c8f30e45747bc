#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/numeric/vector_datapath.hpp"

/// Integer words of one width read and written as those of another, for layers that meet both.
namespace ridgeline {

/// Words of `precision`, int8 or int16, as int16.
[[nodiscard]] inline std::vector<std::int16_t> wide_words(std::span<const std::byte> words,
                                                          Precision precision) {
  const auto read = [&]<class T>(T) {
    const auto* const first = reinterpret_cast<const T*>(words.data());
    return std::vector<std::int16_t>(first, first + words.size() / sizeof(T));
  };
  return precision == Precision::int8 ? read(std::int8_t{}) : read(std::int16_t{});
}

/// The other way round; words must be within the range of `precision`.
inline void write_words(std::span<const std::int16_t> words, Precision precision,
                        std::span<std::byte> out) {
  const auto write = [&]<class T>(T) {
    std::ranges::transform(words, reinterpret_cast<T*>(out.data()),
                           [](std::int16_t word) { return static_cast<T>(word); });
  };
  precision == Precision::int8 ? write(std::int8_t{}) : write(std::int16_t{});
}

/// A tile whose words are of two widths as one of int16 words, computed beside it.
class WideTile {
 public:
  explicit WideTile(const VectorTile& io);
  WideTile(const WideTile&) = delete;
  WideTile& operator=(const WideTile&) = delete;

  [[nodiscard]] VectorTile tile();
  /// Puts the ofmap words where the tile has its own.
  void put_back() const;

 private:
  const VectorTile& io_;
  std::vector<std::int16_t> input_, residual_, output_;
};

/// compute_vector_tile() for such a tile.
void compute_mixed_tile(const VectorTile& io);

}  // namespace ridgeline
