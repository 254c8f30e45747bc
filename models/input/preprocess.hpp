#pragma once

#include "models/input/pixels.hpp"
#include "models/network/preprocessing.hpp"
#include "models/numeric/tensor.hpp"

namespace ridgeline {

/// A picture as the input of a network: fitted to `height` x `width`, its channels in the order of
/// `preprocessing`, (pixel - mean) x scale, pixels in 0..255. Shape 1 x channel_count() x height x
/// width. A grey picture has three equal colours; a colour is as grey as 0.299 R + 0.587 G +
/// 0.114 B (ITU-R BT.601).
///
/// A picture that has the size already is taken pixel by pixel. Others are scaled: each element is
/// a mean of the pixels around its place, their weights falling linearly to zero over one pixel,
/// or, where pictures shrink, over one element (bilinear with antialiasing, as Pillow and
/// torchvision do it); values are not rounded to integers.
/// @throws InputError naming both sizes where `preprocessing.fit` is exact and they differ.
[[nodiscard]] Tensor<float> preprocess(const SourceText& source, const Pixels& pixels,
                                       const Preprocessing& preprocessing, int height, int width);

}  // namespace ridgeline
