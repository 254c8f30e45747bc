#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/network/onnx/node_import.hpp"

/// Quantised arrays of a graph: real = scale x (word - zero point). Words of uint8 are held as
/// word - 128, and their zero points with them, so that everything here is int8.
///
/// A quantisation that a file gives an array belongs to the network's node whose value it is. Where
/// several nodes become one layer (a convolution, its ReLU and the saturation of the words), it is
/// the last one's.
namespace ridgeline::onnx_import {

[[nodiscard]] constexpr std::string_view element_name(ElementType type) {
  constexpr std::string_view kNames[]{"float", "int8", "uint8", "int32"};
  return kNames[static_cast<std::size_t>(type)];
}
/// A word of 8 bits as the machine holds it.
[[nodiscard]] constexpr std::int32_t held(std::int32_t word, ElementType type) {
  return type == ElementType::uint8 ? word - 128 : word;
}

/// Zero points at input `i` of words of `type`, as int8 words. Fails for another type.
[[nodiscard]] std::vector<std::int32_t> zero_points(const NodeImport& node, std::size_t i,
                                                    ElementType type);

/// Scales and zero points out of a node's inputs: one of each, or one for each step of an axis.
struct Scales {
  std::vector<double> scales{};
  std::vector<std::int32_t> zeros{};  ///< as int8 words
  ElementType type = ElementType::uint8;
};
/// `type` is that of the words; if none, the zero point's, or uint8 without one. Input `zero` may
/// be left out, and is 0 then. Fails unless scales are constant and above zero, and zero points are
/// constant, of that type and as many.
[[nodiscard]] Scales read_scales(const NodeImport& node, std::size_t scale, std::size_t zero,
                                 std::optional<ElementType> type);
/// That of an array that depends on the network's input. Fails unless there is one scale for all
/// of it.
[[nodiscard]] Quantization one_quantization(const NodeImport& node, const Scales& scales);

/// The type of the words of a constant. Fails for others than int8 and uint8.
[[nodiscard]] ElementType word_type(const NodeImport& node, std::size_t i);
/// Which of `scales` each element of a constant has, where several run along `axis`; none if there
/// is one. Fails if it has another extent.
[[nodiscard]] std::vector<std::int32_t> sets_along(const NodeImport& node, const Constant& constant,
                                                   std::size_t scales, std::int64_t axis);
/// Constant input `i`, int8, uint8 or int32, as real numbers with the words behind them; `axis` is
/// that of the scales, if there are several.
[[nodiscard]] std::shared_ptr<const Constant> dequantised(const NodeImport& node, std::size_t i,
                                                          const Scales& scales, std::int64_t axis);

/// The quantisation whose words, or whose words' values, the array holds; none if it is open. Words
/// that no operator gave a scale stand for themselves.
[[nodiscard]] std::optional<Quantization> quantization_of(const NodeImport& node,
                                                          const Activation& x);
/// Input `i` of words, read with quantisation `q`. Fails if they have another.
void check_words(const NodeImport& node, std::size_t i, const Activation& x, const Quantization& q);

/// What the sums of products of words in `x` may reach, whatever the input is.
[[nodiscard]] double largest_sum(const NodeImport& node, const Activation& x);

/// `y`, whose every element is one of `x`, or a bound: it keeps what the elements of `x` are.
[[nodiscard]] Activation same_words(const NodeImport& node, const Activation& x, Activation y);

/// `x` in words of `q`. The layer that makes it will, if it can; numbers that are words of another
/// quantisation already are requantised by a layer of their own. `input` is the node's input that
/// `x` is; none if it is a result of this node's own. `part` goes into the name of a layer made.
[[nodiscard]] Activation in_words(NodeImport& node, Activation x, const Quantization& q,
                                  ElementType type, std::optional<std::size_t> input,
                                  const std::string& part = "");

}  // namespace ridgeline::onnx_import
