#include "models/network/network_json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace ridgeline {
namespace {

using Json = nlohmann::ordered_json;

/// The shortest number that is this float again; as a double it would have 17 digits.
Json number(float value) {
  return Json::parse(fmt::format("{}", value));
}

Json list(const TensorShape& shape) {
  return {shape.N, shape.C, shape.H, shape.W};
}

/// Puts the keys of an operation.
struct PutKeys {
  Json& json;

  void window(const Window& window) const {
    json["kernel"] = {window.R, window.S};
    json["stride"] = window.stride;
    json["pad"] = window.pad;
    json["dilation"] = window.dilation;
  }
  void operator()(const ConvOp& op) const {
    json["filters"] = op.M;
    window(op.window);
    json["groups"] = op.G;
    json["bias"] = op.bias;
  }
  void operator()(const FullyConnectedOp& op) const {
    json["filters"] = op.M;
    json["bias"] = op.bias;
  }
  void operator()(const BatchNormOp& op) const { json["epsilon"] = number(op.epsilon); }
  void operator()(const PoolOp& op) const {
    window(op.window);
    json["global"] = op.global;
    json["ceil_mode"] = op.ceil_mode;
    if (op.kind == PoolKind::average) json["count_include_pad"] = op.count_include_pad;
  }
  void operator()(const ClampOp& op) const {
    if (op_name(op) != "clip") return;
    json["separate"] = op.separate;
    if (std::isfinite(op.lowest)) json["lowest"] = number(op.lowest);
    if (std::isfinite(op.highest)) json["highest"] = number(op.highest);
  }
  void operator()(const LrnOp& op) const {
    json["size"] = op.size;
    json["alpha"] = number(op.alpha);
    json["beta"] = number(op.beta);
    json["k"] = number(op.k);
  }
  template <class WithoutKeys>
  void operator()(const WithoutKeys& /*op*/) const {}
};

Json node_json(const Network& network, const Node& node) {
  Json json{{"name", node.name}, {"op", op_name(node.op)}, {"inputs", Json::array()}};
  for (const NodeId id : node.inputs)
    json["inputs"].push_back(network.nodes[static_cast<std::size_t>(id)].name);
  json["output"] = list(node.shape);
  std::visit(PutKeys{json}, node.op);
  const NodeWork work = work_of(network, node);
  json["macs"] = work.macs.count();
  json["weights"] = work.weights;
  json["biases"] = work.biases;
  return json;
}

Json preprocessing_json(const Preprocessing& preprocessing) {
  Json json{{"channels", kChannelOrderNames[static_cast<std::size_t>(preprocessing.channels)]},
            {"mean", Json::array()},
            {"scale", Json::array()},
            {"fit", kPictureFitNames[static_cast<std::size_t>(preprocessing.fit)]}};
  for (const double mean : preprocessing.means()) json["mean"].push_back(mean);
  for (const double scale : preprocessing.scales()) json["scale"].push_back(scale);
  return json;
}

}  // namespace

std::string to_json_text(const Network& network) {
  Json json{{"schema", "ridgeline.network/1"},
            {"name", network.name},
            {"source", network.source},
            {"input", list(network.input())}};
  if (network.preprocessing) json["preprocessing"] = preprocessing_json(*network.preprocessing);
  json["macs"] = total_macs(network).count();
  json["weights"] = total_weights(network);
  json["biases"] = total_biases(network);
  json["nodes"] = Json::array();
  for (const Node& node : network.nodes) json["nodes"].push_back(node_json(network, node));
  constexpr int kIndent = 1;
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace ridgeline
