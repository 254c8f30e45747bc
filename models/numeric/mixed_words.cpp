#include "models/numeric/mixed_words.hpp"

namespace ridgeline {

WideTile::WideTile(const VectorTile& io)
    : io_(io),
      input_(wide_words(io.input, io.precision.own)),
      residual_(wide_words(io.residual, io.precision.residual)),
      output_(io.output.size() /
              static_cast<std::size_t>(word_bytes(io.precision.output).count())) {}

VectorTile WideTile::tile() {
  return {.layer = io_.layer,
          .parameters = io_.parameters,
          .precision = Precision::int16,
          .tile = io_.tile,
          .input = std::as_bytes(std::span(input_)),
          .residual = std::as_bytes(std::span(residual_)),
          .output = std::as_writable_bytes(std::span(output_))};
}

void WideTile::put_back() const {
  write_words(output_, io_.precision.output, io_.output);
}

void compute_mixed_tile(const VectorTile& io) {
  WideTile wide(io);
  compute_vector_tile(wide.tile());
  wide.put_back();
}

}  // namespace ridgeline
