#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "models/network/zoo/zoo.hpp"

// Every row of the authors' five SqueezeNext networks, as computed from their prototxt files.
using namespace ridgeline;

namespace {

const Node& node_of(const Network& network, NodeId id) {
  return network.nodes[static_cast<std::size_t>(id)];
}

/// The node that Caffe's in-place BatchNorm, Scale and ReLU layers hide behind.
std::string producer_name(const Network& network, NodeId id) {
  const Node* node = &node_of(network, id);
  while (std::holds_alternative<BatchNormOp>(node->op) || std::holds_alternative<ClampOp>(node->op))
    node = &node_of(network, node->inputs[0]);
  return node->name;
}

std::string extents(const TensorShape& x) {
  return fmt::format("{}x{}x{}", x.C, x.H, x.W);
}

std::string window_text(const Window& w) {
  return fmt::format("{}x{}/{}x{}+{}x{}", w.R, w.S, w.stride[0], w.stride[1], w.pad[0], w.pad[1]);
}

std::string row_of(const Network& network, NodeId id) {
  const Node& node = node_of(network, id);
  const bool weighted = has_weights(node.op);
  const ConvShape shape = weighted ? conv_shape(network, id) : ConvShape{};
  std::string window = "-";
  if (weighted) window = window_text(shape.window);
  if (const auto* pool = std::get_if<PoolOp>(&node.op)) window = window_text(pool->window);
  std::string producers = producer_name(network, node.inputs[0]);
  if (node.inputs.size() == 2) producers.append("+").append(producer_name(network, node.inputs[1]));
  return fmt::format("{} {} {} {} {} {} {} {} {}", node.name, op_name(node.op), window, shape.G,
                     extents(node_of(network, node.inputs[0]).shape), extents(node.shape),
                     weighted ? shape.filter_elements() : 0, weighted ? shape.macs().count() : 0,
                     producers);
}

std::vector<std::string> rows_of(const Network& network) {
  std::vector<std::string> rows;
  for (std::size_t i = 1; i < network.nodes.size(); ++i) {
    const Op& op = network.nodes[i].op;
    if (!std::holds_alternative<BatchNormOp>(op) && !std::holds_alternative<ClampOp>(op))
      rows.push_back(row_of(network, static_cast<NodeId>(i)));
  }
  return rows;
}

std::vector<std::string> expected_rows(const std::string& name) {
  std::ifstream file(RIDGELINE_SOURCE_DIR "/tests/models/network/expected/" + name + ".txt");
  std::vector<std::string> rows;
  for (std::string line; std::getline(file, line);)
    if (!line.starts_with('#')) rows.push_back(line);
  return rows;
}

}  // namespace

TEST_CASE("Every row of the official SqueezeNext networks is the authors'") {
  for (const char* name : {"squeezenext_1.0_23", "squeezenext_1.0_g_23", "squeezenext_1.0_23v5",
                           "squeezenext_2.0_23", "squeezenext_2.0_23v5"}) {
    INFO(name);
    const std::vector<std::string> expected = expected_rows(name);
    REQUIRE(expected.size() == 135);
    const std::vector<std::string> rows = rows_of(zoo::make(name));
    REQUIRE(rows.size() == expected.size());
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(rows[i] == expected[i]);
  }
}

TEST_CASE("Every convolution of SqueezeNext has a BatchNorm and a ReLU, and no bias") {
  const Network network = zoo::make("squeezenext_1.0_23");
  int convolutions = 0;
  int relus = 0;
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    relus += std::holds_alternative<ClampOp>(network.nodes[i].op);
    if (!std::holds_alternative<ConvOp>(network.nodes[i].op)) continue;
    ++convolutions;
    REQUIRE(i + 2 < network.nodes.size());
    CHECK(std::holds_alternative<BatchNormOp>(network.nodes[i + 1].op));
    CHECK(network.nodes[i + 1].inputs[0] == static_cast<NodeId>(i));
    CHECK(std::holds_alternative<ClampOp>(network.nodes[i + 2].op));
    CHECK(network.nodes[i + 2].inputs[0] == static_cast<NodeId>(i + 1));
  }
  CHECK(convolutions == 111);
  CHECK(relus == 132);  // one after each of the 21 additions too
  CHECK(total_biases(network) == 0);
}

TEST_CASE("The separable pair of SqueezeNext begins anew with 3x1 in each stage") {
  const Network network = zoo::make("squeezenext:blocks=1-3-1-2");
  std::string order;
  for (const Node& node : network.nodes) {
    const auto* conv = std::get_if<ConvOp>(&node.op);
    if (conv == nullptr || conv->window.R * conv->window.S != 3) continue;
    order += conv->window.R == 3 ? 'T' : 'W';  // tall or wide
  }
  CHECK(order ==
        "TW"
        "TWWTTW"
        "TW"
        "TWWT");
}
