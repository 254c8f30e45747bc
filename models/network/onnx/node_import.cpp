#include "models/network/onnx/node_import.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/text.hpp"
#include "models/network/onnx/graph_order.hpp"
#include "models/network/onnx/model_file.hpp"
#include "models/network/onnx/words.hpp"

namespace ridgeline::onnx_import {
namespace {

/// Weights that the import makes itself, which no bytes of the file stand for.
constexpr std::int64_t kMostMadeWeights = std::int64_t{1} << 24;

}  // namespace

std::string free_name(GraphImport& graph, std::string wish) {
  wish = without_controls(std::move(wish));
  if (wish.empty()) wish = "node";
  std::string name = wish;
  for (int i = 2; !graph.names.insert(name).second; ++i) name = fmt::format("{}_{}", wish, i);
  return name;
}

void NodeImport::fail(std::string what, std::string allowed) const {
  onnx_import::fail(graph_.file, place_of(node_), std::move(what), std::move(allowed));
}

void NodeImport::fail_layout(std::string what) const {
  throw LayoutError({.file = graph_.file,
                     .place = place_of(node_),
                     .what = std::move(what),
                     .allowed = "arrays that are feature maps N, C, H, W, looked at differently"});
}

bool NodeImport::has_input(std::size_t i) const {
  return i < inputs() && !node_.input(static_cast<int>(i)).empty();
}

const Value& NodeImport::value(std::size_t i) const {
  if (!has_input(i)) fail(fmt::format("has no input {}", i));
  const std::string& name = node_.input(static_cast<int>(i));
  const auto found = graph_.values.find(name);
  if (found != graph_.values.end()) return found->second;
  const auto initialiser = graph_.initialisers.find(name);
  if (initialiser == graph_.initialisers.end())
    fail("reads " + in_quotes(name) + ", a sparse tensor or an optional output", "dense tensors");
  auto decoded = std::make_shared<const Constant>(
      decode(*initialiser->second, graph_.file, "initialiser " + in_quotes(name)));
  return graph_.values.emplace(name, std::move(decoded)).first->second;
}

bool NodeImport::is_constant(std::size_t i) const {
  return std::holds_alternative<std::shared_ptr<const Constant>>(value(i));
}

const Constant& NodeImport::constant(std::size_t i) const {
  const auto* found = std::get_if<std::shared_ptr<const Constant>>(&value(i));
  if (found != nullptr) return **found;
  fail(fmt::format("input {} ({}) is not constant", i, in_quotes(node_.input(static_cast<int>(i)))),
       "an initialiser or a Constant");
}

const std::vector<float>& NodeImport::floats(std::size_t i) const {
  const auto* values = std::get_if<std::vector<float>>(&constant(i).data);
  if (values == nullptr) fail(fmt::format("input {} holds integers", i), "float");
  return *values;
}

const std::vector<std::int64_t>& NodeImport::integers_of(std::size_t i) const {
  const auto* values = std::get_if<std::vector<std::int64_t>>(&constant(i).data);
  if (values == nullptr)
    fail(fmt::format("input {} holds {}", i, constant(i).is_float() ? "floats" : "words"), "int64");
  return *values;
}

const std::vector<std::int16_t>& NodeImport::words_of(std::size_t i) const {
  const auto* words = std::get_if<std::vector<std::int16_t>>(&constant(i).data);
  if (words == nullptr)
    fail(fmt::format("input {} is {}", i, type_name(constant(i).type)), "int8 or uint8");
  return *words;
}

const DynamicNumber* NodeImport::dynamic_number(std::size_t i) const {
  return std::get_if<DynamicNumber>(&value(i));
}

std::vector<std::int64_t> NodeImport::integers_at(std::string_view attribute, std::size_t i) const {
  return has_input(i) ? integers_of(i) : integers(attribute);
}

Activation NodeImport::padded_activation(std::size_t i) const {
  const auto* found = std::get_if<Activation>(&value(i));
  if (found == nullptr)
    fail(fmt::format("input {} is constant", i), "an array that depends on the network's input");
  return *found;
}

Activation NodeImport::settled(Activation x) {
  if (!x.padded()) return x;
  const auto map = feature_map_of(x, shape(x.node));
  if (!map) fail_layout("pads what is no feature map");
  const NodeId node = add_depthwise(x.node, {}, x.pad, "/pad");
  return same_words(*this, x, array_like(*map, node, shape(node)));
}

Activation NodeImport::activation(std::size_t i) {
  Activation x = padded_activation(i);
  if (!x.padded()) return x;
  x = settled(std::move(x));
  graph_.values.insert_or_assign(node_.input(static_cast<int>(i)), x);
  return x;
}

FeatureMap NodeImport::feature_map(const Activation& x) const {
  auto map = feature_map_of(x, shape(x.node));
  if (!map) fail_layout("reads an array of " + dims_text(dims_of(x)) + " that is no feature map");
  return *map;
}

FeatureMap NodeImport::ordered_feature_map(const Activation& x) {
  return feature_map(in_order(x));
}

Activation NodeImport::in_order(const Activation& x) {
  const auto map = feature_map_of(x, shape(x.node));
  if (!map || map->channels.empty()) {
    if (x.channels.empty()) return x;
    fail_layout("reads shuffled channels of an array that is no feature map");
  }
  const auto C = static_cast<std::size_t>(map->shape.C);
  if (static_cast<std::int64_t>(C * C) > kMostMadeWeights)
    fail(fmt::format("shuffles {} channels", C), "at most 4096");
  std::vector<float> filters(C * C);
  for (std::size_t c = 0; c < C; ++c)
    filters[c * C + static_cast<std::size_t>(map->channels[c])] = 1;
  const NodeId node = add(ConvOp{.M = map->shape.C, .bias = false}, {x.node},
                          {.filters = std::move(filters)}, "/shuffle");
  FeatureMap ordered = *map;
  ordered.channels.clear();
  return same_words(*this, x, array_like(ordered, node, shape(node)));
}

bool NodeImport::output_is_used(std::size_t i) const {
  if (static_cast<int>(i) >= node_.output_size()) return false;
  const auto found = graph_.readers.find(node_.output(static_cast<int>(i)));
  return found != graph_.readers.end() && found->second > 0;
}

bool NodeImport::reads_alone(std::size_t i, NodeId node) const {
  const std::string& name = node_.input(static_cast<int>(i));
  const auto made = graph_.made.find(node);
  return made != graph_.made.end() && made->second == name && graph_.readers[name] == 1;
}

std::optional<NodeImport> NodeImport::only_reader() const {
  const std::string& name = node_.output(0);
  const auto found = graph_.reader.find(name);
  if (found == graph_.reader.end() || graph_.readers[name] != 1) return {};
  return NodeImport(graph_, *found->second);
}

NodeId NodeImport::add(Op op, std::vector<NodeId> inputs, NodeWeights weights, std::string part) {
  const std::string own = node_.name().empty() ? node_.output(0) : node_.name();
  const NodeId id =
      graph_.builder.add(free_name(graph_, own + part), std::move(op), std::move(inputs));
  graph_.weights.push_back(std::move(weights));
  graph_.made[id] = node_.output(0);
  return id;
}

NodeId NodeImport::add_depthwise(NodeId x, std::vector<float> bias, std::array<int, 4> pad,
                                 std::string part) {
  const int C = shape(x).C;
  if (C > kMostMadeWeights)
    fail(fmt::format("needs a weight for each of {} channels", C),
         fmt::format("at most {}", kMostMadeWeights));
  const ConvOp op{.M = C, .G = C, .window = {.pad = pad}, .bias = !bias.empty()};
  return add(
      op, {x},
      {.filters = std::vector<float>(static_cast<std::size_t>(C), 1.0F), .bias = std::move(bias)},
      std::move(part));
}

void NodeImport::set_output(Value value, int output) {
  if (output < node_.output_size())
    graph_.values.insert_or_assign(node_.output(output), std::move(value));
}

Constant NodeImport::tensor(std::string_view attribute) const {
  return decode(this->attribute(attribute)->t(), graph_.file, place_of(node_));
}

void NodeImport::set_result(Activation value) {
  graph_.results[node_.output(0)] = value.node;
  set_output(std::move(value));
}

}  // namespace ridgeline::onnx_import
