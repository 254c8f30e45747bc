#pragma once

#include <onnx.pb.h>

#include <map>
#include <string>
#include <vector>

#include "tests/conformance/words_oracle.hpp"

/// What a quantising exporter does to a network, and what its author may check it with.
namespace ridgeline::onnx_tests {

struct Range {
  float lowest = 0, highest = 0;
};
/// Ranges of the values of a model in fp32, by name.
[[nodiscard]] std::map<std::string, Range> ranges_of(const onnx::ModelProto& real,
                                                     const std::vector<float>& picture);
enum class Form {
  pairs,  ///< QuantizeLinear and DequantizeLinear around operators on real numbers
  words   ///< QLinearConv and its like; onnxruntime's QLinearConcat, QLinearGlobalAveragePool
};

/// The network in int8, up to its Softmax: a chain of Conv with Relu, MaxPool, Concat, Dropout,
/// GlobalAveragePool and Flatten. Activations are uint8, each value with the scale of its own range
/// (`ranges`, by name); filters int8, one scale a channel; biases int32. Both forms compute the
/// same.
[[nodiscard]] onnx::ModelProto quantised(const onnx::ModelProto& real,
                                         const std::map<std::string, Range>& ranges, Form form);

/// Runs such a network in the form of words on a picture, as ONNX specifies its operators, with
/// plain loops over integers. Returns the real numbers of its output.
[[nodiscard]] std::vector<double> run_integers(const onnx::ModelProto& words,
                                               const std::vector<float>& picture);

}  // namespace ridgeline::onnx_tests
