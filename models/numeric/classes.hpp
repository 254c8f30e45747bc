#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/network/quantization.hpp"
#include "models/numeric/tensor.hpp"

namespace ridgeline {

/// A class and how sure the network is of it.
struct ClassScore {
  int picture = 0;      ///< of the batch
  int index = 0;        ///< of the class: the channel of the output
  double value = 0;     ///< of the output itself: a logit, or a probability
  double score = 0;     ///< softmax over the picture's values, or the value if it is a probability
  std::string label{};  ///< "" if no names are known
};

/// The `count` classes of largest value of each picture, largest first; of equal ones, that of the
/// lower index. Empty if `output` is not N x C x 1 x 1.
/// @param quantization of the output's words
/// @param probabilities the network ends in a softmax
/// @param labels names of all C classes, or none
[[nodiscard]] std::vector<ClassScore> top_classes(const AnyTensor& output,
                                                  const Quantization& quantization,
                                                  bool probabilities, std::size_t count,
                                                  const std::vector<std::string>& labels);

}  // namespace ridgeline
