#pragma once

#include <cstdint>

#include "models/numeric/tensor.hpp"

namespace ridgeline {

/// A seeded picture for a network's input, NCHW: a few waves of low frequency, whose amplitude
/// falls with their frequency as in photographs, mixed differently into each channel, plus a
/// little grain. Values fill -1..1; the largest magnitude of each batch entry is one.
[[nodiscard]] Tensor<float> make_picture(TensorShape shape, std::uint64_t seed);

}  // namespace ridgeline
