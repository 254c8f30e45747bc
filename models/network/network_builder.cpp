#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/error.hpp"
#include "models/network/network.hpp"
#include "models/network/shape_inference.hpp"

namespace ridgeline {
namespace {

/// Leaves room in 64 bits for whatever is added up beside the network's MACs.
constexpr Macs kMostMacs{std::int64_t{1} << 62};

std::string place_of(const Network& network, NodeId id, const std::string& node_name) {
  if (node_name.empty()) return fmt::format("{}: node {}", network.name, id);
  return fmt::format("{}: node '{}'", network.name, node_name);
}

/// Reports are lines of text, so names are too.
void check_name(const std::string& name, const std::string& place) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (name.empty()) throw InputError({.place = place, .what = "has no name"});
  if (std::any_of(name.begin(), name.end(), is_control))
    throw InputError({.place = place, .what = "has a control character in its name"});
}

}  // namespace

NetworkBuilder::NetworkBuilder(std::string name, std::string source, TensorShape input,
                               std::string input_name) {
  check_name(name, "network");
  network_.name = std::move(name);
  network_.source = std::move(source);
  const std::string place = place_of(network_, 0, input_name);
  check_name(input_name, place);
  check_feature_map(input, place);
  names_.insert(input_name);
  network_.nodes.push_back({std::move(input_name), InputOp{}, {}, input});
}

NodeId NetworkBuilder::add(std::string name, Op op, std::vector<NodeId> inputs) {
  const auto id = static_cast<NodeId>(network_.nodes.size());
  const std::string place = place_of(network_, id, name);
  check_name(name, place);
  if (names_.contains(name))
    throw InputError({.place = place, .what = "the name is taken by an earlier node"});
  std::vector<TensorShape> shapes;
  for (const NodeId input : inputs) {
    if (input < 0 || input >= id)
      throw InputError({.place = place,
                        .what = fmt::format("reads node {}", input),
                        .allowed = fmt::format("0 to {}", id - 1)});
    shapes.push_back(shape(input));
  }
  const TensorShape output = infer_shape(op, shapes, place);
  // At most 2^62 each: 2^31 outputs of 2^31 taps.
  const Macs macs = has_weights(op) ? conv_shape(op, shapes[0]).macs() : Macs{};
  if (macs > kMostMacs - macs_)
    throw InputError({.place = place,
                      .what = "the network has more MACs than can be counted",
                      .allowed = fmt::format("at most {}", kMostMacs.count())});
  macs_ += macs;
  names_.insert(name);
  network_.nodes.push_back({std::move(name), std::move(op), std::move(inputs), output});
  return id;
}

NodeId NetworkBuilder::conv(std::string name, NodeId x, ConvOp op) {
  return add(std::move(name), op, {x});
}

NodeId NetworkBuilder::fully_connected(std::string name, NodeId x, FullyConnectedOp op) {
  return add(std::move(name), op, {x});
}

NodeId NetworkBuilder::batch_norm(std::string name, NodeId x) {
  return add(std::move(name), BatchNormOp{}, {x});
}

NodeId NetworkBuilder::relu(std::string name, NodeId x) {
  return add(std::move(name), ClampOp{}, {x});
}

NodeId NetworkBuilder::clamp(std::string name, NodeId x, ClampOp op) {
  return add(std::move(name), op, {x});
}

NodeId NetworkBuilder::pool(std::string name, NodeId x, PoolOp op) {
  return add(std::move(name), op, {x});
}

NodeId NetworkBuilder::add(std::string name, NodeId a, NodeId b) {
  return add(std::move(name), AddOp{}, {a, b});
}

NodeId NetworkBuilder::concat(std::string name, std::vector<NodeId> inputs) {
  return add(std::move(name), ConcatOp{}, std::move(inputs));
}

const TensorShape& NetworkBuilder::shape(NodeId id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= network_.nodes.size())
    throw InputError({.place = network_.name,
                      .what = fmt::format("there is no node {}", id),
                      .allowed = fmt::format("0 to {}", network_.nodes.size() - 1)});
  return network_.nodes[static_cast<std::size_t>(id)].shape;
}

void NetworkBuilder::set_preprocessing(const Preprocessing& preprocessing) {
  const auto fail = [&](std::string what, std::string allowed) {
    throw InputError({.place = network_.name + ": preprocessing",
                      .what = std::move(what),
                      .allowed = std::move(allowed)});
  };
  if (preprocessing.channel_count() != network_.input().C)
    fail(fmt::format("makes {} channels", preprocessing.channel_count()),
         fmt::format("{}, as the input has", network_.input().C));
  const auto is_finite = [](double x) { return std::isfinite(x); };
  if (!std::ranges::all_of(preprocessing.means(), is_finite) ||
      !std::ranges::all_of(preprocessing.scales(), is_finite) ||
      std::ranges::find(preprocessing.scales(), 0.0) != preprocessing.scales().end())
    fail("has a mean or scale that is not finite, or a scale of 0", "finite numbers");
  network_.preprocessing = preprocessing;
}

Network NetworkBuilder::build() && {
  return std::move(network_);
}

}  // namespace ridgeline
