#include <fmt/format.h>

#include "models/network/onnx/model_file.hpp"
#include "models/network/onnx/operators.hpp"

namespace ridgeline::onnx_import {
namespace {

float pad_value(const NodeImport& node) {
  if (node.opset() < 11) return node.real("value", 0);
  if (!node.has_input(2)) return 0;
  if (node.floats(2).size() != 1) node.fail("the value to pad with is no scalar", "one number");
  return node.floats(2).front();
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
  if (mode != "constant") node.fail("mode is " + quoted(mode), "constant");
  if (pad_value(node) != 0) node.fail(fmt::format("pads with {}", pad_value(node)), "zeros");
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
