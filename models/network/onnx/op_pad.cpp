#include <fmt/format.h>

#include "models/network/onnx/model_file.hpp"
#include "models/network/onnx/operators.hpp"
#include "models/network/onnx/words.hpp"

namespace ridgeline::onnx_import {
namespace {

/// Fails unless the pads are zeros: of words, zero points.
void check_pad_value(const NodeImport& node, const Activation& x) {
  const bool given = node.opset() >= 11 && node.has_input(2);
  if (given && node.constant(2).elements() != 1)
    node.fail("the value to pad with is no scalar", "one number");
  if (x.elements != ElementType::real) {
    const std::int32_t word = held(given ? node.words_of(2).front() : 0, x.elements);
    const std::int32_t zero = quantization_of(node, x)->zero_point;
    if (word != zero)
      node.fail(fmt::format("pads with word {} where the zero point is {}",
                            word - held(0, x.elements), zero - held(0, x.elements)),
                "the zero point");
    return;
  }
  const float value = given               ? node.floats(2).front()
                      : node.opset() < 11 ? node.real("value", 0)
                                          : 0;
  if (value != 0) node.fail(fmt::format("pads with {}", value), "zeros");
}

}  // namespace

void import_pad(NodeImport& node) {
  Activation x = node.activation(0);
  const std::size_t rank = x.layout.rank();
  const std::vector<std::int64_t> pads =
      node.opset() < 11 ? node.integers("pads") : node.integers_at("pads", 1);
  if (pads.size() != 2 * rank)
    node.fail(fmt::format("has {} pads for an array of {} dimensions", pads.size(), rank),
              fmt::format("{}", 2 * rank));
  bool any = false;
  for (const std::int64_t pad : pads) {
    if (pad < 0) node.fail(fmt::format("a pad is {}", pad), "0 or more");
    any = any || pad > 0;
  }
  const std::string mode = node.text("mode", "constant");
  if (!any) return node.set_output(std::move(x));
  if (mode != "constant") node.fail("mode is " + in_quotes(mode), "constant");
  check_pad_value(node, x);
  const FeatureMap map = node.feature_map(x);
  if (pads[0] + pads[1] + pads[rank] + pads[rank + 1] != 0)
    node.fail("pads images or channels", "zeros along H and W");
  if (map.rank < 3 || map.folded()) node.fail_layout("pads what has no height and width");
  const auto number = [&](std::size_t i) { return to_int(node, pads[i], "a pad"); };
  std::array<int, 4> pad{number(2), 0, number(rank + 2), 0};
  if (rank == 4) pad = {number(2), number(3), number(6), number(7)};
  if (map.swapped) pad = {pad[1], pad[0], pad[3], pad[2]};
  x.pad = pad;
  node.set_output(std::move(x));
}

}  // namespace ridgeline::onnx_import
