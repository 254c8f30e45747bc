#include "models/numeric/mixed_words.hpp"

namespace ridgeline {

void compute_mixed_tile(const VectorTile& io) {
  const std::vector<std::int16_t> input = wide_words(io.input, io.precision.own);
  const std::vector<std::int16_t> residual = wide_words(io.residual, io.precision.residual);
  const auto word = static_cast<std::size_t>(word_bytes(io.precision.output).count());
  std::vector<std::int16_t> output(io.output.size() / word);
  compute_vector_tile({.layer = io.layer,
                       .parameters = io.parameters,
                       .precision = Precision::int16,
                       .tile = io.tile,
                       .input = std::as_bytes(std::span(input)),
                       .residual = std::as_bytes(std::span(residual)),
                       .output = std::as_writable_bytes(std::span(output))});
  write_words(output, io.precision.output, io.output);
}

}  // namespace ridgeline
