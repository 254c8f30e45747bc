#include "models/network/weight_matching.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "models/base/error.hpp"

namespace ridgeline {
namespace {

using Ids = std::vector<NodeId>;

const Node& node_of(const Network& network, NodeId id) {
  return network.nodes[static_cast<std::size_t>(id)];
}

template <class Is>
Ids ids_where(const Network& network, Is is) {
  Ids ids;
  for (std::size_t i = 0; i < network.nodes.size(); ++i)
    if (is(network.nodes[i].op)) ids.push_back(static_cast<NodeId>(i));
  return ids;
}

bool is_batch_norm(const Op& op) {
  return std::holds_alternative<BatchNormOp>(op);
}

/// For each of `wanted`, its partner among `found`.
Ids partners(const Network& network, const Ids& wanted, const Network& other, const Ids& found) {
  std::unordered_map<std::string, NodeId> by_name;
  for (const NodeId id : found) by_name[node_of(other, id).name] = id;
  Ids named;
  for (const NodeId id : wanted) {
    const auto partner = by_name.find(node_of(network, id).name);
    if (partner == by_name.end()) return found;
    named.push_back(partner->second);
  }
  return named;
}

std::string filters_text(const ConvShape& s) {
  return fmt::format("{}x{}x{}x{}", s.M, s.C_per_group(), s.R(), s.S());
}

/// A fully connected layer takes its ifmap flattened, which a convolution may read as a map.
bool same_filters(const Op& a, const ConvShape& x, const Op& b, const ConvShape& y) {
  if (x.M != y.M || x.filter_elements() != y.filter_elements() || x.G != y.G) return false;
  if (std::holds_alternative<ConvOp>(a) && std::holds_alternative<ConvOp>(b))
    return x.R() == y.R() && x.S() == y.S();
  return true;
}

struct Matching {
  const Network& network;
  const TrainedNetwork& trained;
  const std::string& file;
  std::vector<NodeWeights> weights{};

  [[noreturn]] void fail(std::string place, std::string what, std::string allowed) const {
    throw InputError({.file = file,
                      .place = std::move(place),
                      .what = std::move(what),
                      .allowed = std::move(allowed)});
  }

  const NodeWeights& theirs(NodeId id) const {
    return trained.weights[static_cast<std::size_t>(id)];
  }
  NodeWeights& ours(NodeId id) { return weights[static_cast<std::size_t>(id)]; }

  void match_layer(NodeId id, NodeId partner) {
    const Node &mine = node_of(network, id), &other = node_of(trained.network, partner);
    const ConvShape shape = conv_shape(network, id);
    const ConvShape given = conv_shape(trained.network, partner);
    if (!same_filters(mine.op, shape, other.op, given))
      fail("node '" + other.name + "'",
           fmt::format("has filters of {} where layer '{}' of {} has {}", filters_text(given),
                       mine.name, network.name, filters_text(shape)),
           "the weights of this network");
    ours(id).filters = theirs(partner).filters;
    ours(id).bias = theirs(partner).bias;
    if (has_bias(mine.op)) ours(id).bias.resize(static_cast<std::size_t>(shape.M), 0.0F);
  }

  /// BatchNorms that the file has folded away pass values through, with the bias of the layer
  /// before if that has no place for it.
  void pass_through(NodeId id) {
    const auto C = static_cast<std::size_t>(node_of(network, id).shape.C);
    const float epsilon = std::get<BatchNormOp>(node_of(network, id).op).epsilon;
    ours(id) = {.gamma = std::vector<float>(C, std::sqrt(1 + epsilon)),
                .beta = std::vector<float>(C, 0.0F),
                .mean = std::vector<float>(C, 0.0F),
                .variance = std::vector<float>(C, 1.0F)};
    const NodeId before = node_of(network, id).inputs.front();
    const Op& op = node_of(network, before).op;
    if (!has_weights(op) || has_bias(op) || ours(before).bias.empty()) return;
    ours(id).beta = std::move(ours(before).bias);
    ours(before).bias.clear();
  }

  void match_batch_norms() {
    const Ids wanted = ids_where(network, is_batch_norm);
    const Ids found = ids_where(trained.network, is_batch_norm);
    if (found.empty()) {
      for (const NodeId id : wanted) pass_through(id);
      return;
    }
    if (found.size() != wanted.size())
      fail("", fmt::format("has {} BatchNorms", found.size()),
           fmt::format("{}, as {} has", wanted.size(), network.name));
    const Ids theirs_of = partners(network, wanted, trained.network, found);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      ours(wanted[i]) = theirs(theirs_of[i]);
      if (ours(wanted[i]).gamma.size() !=
          static_cast<std::size_t>(node_of(network, wanted[i]).shape.C))
        fail("node '" + node_of(trained.network, theirs_of[i]).name + "'",
             fmt::format("has {} channels where '{}' of {} has {}", ours(wanted[i]).gamma.size(),
                         node_of(network, wanted[i]).name, network.name,
                         node_of(network, wanted[i]).shape.C),
             "the weights of this network");
    }
  }
};

}  // namespace

std::vector<NodeWeights> weights_for(const Network& network, const TrainedNetwork& trained,
                                     const std::string& file) {
  Matching matching{network, trained, file, std::vector<NodeWeights>(network.nodes.size())};
  const Ids wanted = ids_where(network, has_weights);
  const Ids found = ids_where(trained.network, has_weights);
  if (wanted.size() != found.size())
    matching.fail("", fmt::format("has {} layers with weights", found.size()),
                  fmt::format("{}, as {} has", wanted.size(), network.name));
  const Ids theirs = partners(network, wanted, trained.network, found);
  for (std::size_t i = 0; i < wanted.size(); ++i) matching.match_layer(wanted[i], theirs[i]);
  matching.match_batch_norms();
  for (const NodeId id : wanted) {
    std::vector<float>& bias = matching.weights[static_cast<std::size_t>(id)].bias;
    if (has_bias(node_of(network, id).op) || bias.empty()) continue;
    if (std::ranges::any_of(bias, [](float b) { return b != 0; }))
      matching.fail("",
                    fmt::format("has a bias for layer '{}', which has none in {}",
                                node_of(network, id).name, network.name),
                    "the weights of this network");
    bias.clear();
  }
  return matching.weights;
}

}  // namespace ridgeline
