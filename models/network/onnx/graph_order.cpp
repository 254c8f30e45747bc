#include "models/network/onnx/graph_order.hpp"

#include <fmt/format.h>

#include <queue>
#include <unordered_map>

#include "models/base/text.hpp"
#include "models/network/onnx/model_file.hpp"

namespace ridgeline::onnx_import {
namespace {

constexpr int kGiven = -1;  ///< an input or an initialiser

/// Which node makes each value.
using Makers = std::unordered_map<std::string, int>;

Makers makers_of(const onnx::GraphProto& graph, const std::string& file) {
  Makers makers;
  for (const auto& tensor : graph.initializer())
    if (!makers.emplace(tensor.name(), kGiven).second)
      fail(file, "initialiser " + in_quotes(tensor.name()), "the name is taken by an earlier one");
  for (const auto& tensor : graph.sparse_initializer())
    makers.emplace(tensor.values().name(), kGiven);
  for (const auto& input : graph.input()) makers.emplace(input.name(), kGiven);
  for (int i = 0; i < graph.node_size(); ++i)
    for (const std::string& name : graph.node(i).output())
      if (!name.empty() && !makers.emplace(name, i).second)
        fail(file, place_of(graph.node(i)), "makes " + in_quotes(name) + ", which is there already",
             "every value made once");
  return makers;
}

/// Nodes whose values each node reads, an edge each.
std::vector<std::vector<int>> sources_of(const onnx::GraphProto& graph, const Makers& makers,
                                         const std::string& file) {
  std::vector<std::vector<int>> sources(static_cast<std::size_t>(graph.node_size()));
  for (int i = 0; i < graph.node_size(); ++i) {
    for (const std::string& name : graph.node(i).input()) {
      if (name.empty()) continue;
      const auto maker = makers.find(name);
      if (maker == makers.end())
        fail(file, place_of(graph.node(i)), "reads " + in_quotes(name) + ", which nothing makes",
             "outputs of nodes, initialisers and the graph's inputs");
      if (maker->second != kGiven) sources[static_cast<std::size_t>(i)].push_back(maker->second);
    }
  }
  return sources;
}

std::vector<int> sorted(const onnx::GraphProto& graph, const std::vector<std::vector<int>>& sources,
                        const std::string& file) {
  std::vector<std::vector<int>> readers(sources.size());
  std::vector<std::size_t> waits(sources.size());
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    waits[i] = sources[i].size();
    for (const int source : sources[i])
      readers[static_cast<std::size_t>(source)].push_back(static_cast<int>(i));
    if (waits[i] == 0) ready.push(static_cast<int>(i));
  }
  std::vector<int> order;
  while (!ready.empty()) {
    const int node = ready.top();
    ready.pop();
    order.push_back(node);
    for (const int reader : readers[static_cast<std::size_t>(node)])
      if (--waits[static_cast<std::size_t>(reader)] == 0) ready.push(reader);
  }
  for (std::size_t i = 0; i < waits.size(); ++i)
    if (waits[i] > 0)
      fail(file, place_of(graph.node(static_cast<int>(i))),
           "depends on its own output: the graph has a cycle", "a graph without cycles");
  return order;
}

std::vector<bool> needed(const onnx::GraphProto& graph, const Makers& makers,
                         const std::vector<std::vector<int>>& sources, const std::string& file) {
  std::vector<bool> live(sources.size());
  std::vector<int> open;
  const auto need = [&](int node) {
    if (node == kGiven || live[static_cast<std::size_t>(node)]) return;
    live[static_cast<std::size_t>(node)] = true;
    open.push_back(node);
  };
  if (graph.output_size() == 0) fail(file, "", "the graph has no output", "at least one");
  for (const auto& output : graph.output()) {
    const auto maker = makers.find(output.name());
    if (maker == makers.end())
      fail(file, "output " + in_quotes(output.name()), "is made by no node", "an output of a node");
    need(maker->second);
  }
  while (!open.empty()) {
    const int node = open.back();
    open.pop_back();
    for (const int source : sources[static_cast<std::size_t>(node)]) need(source);
  }
  return live;
}

}  // namespace

std::string place_of(const onnx::NodeProto& node) {
  std::string name = node.name();
  if (name.empty() && node.output_size() > 0) name = node.output(0);
  return fmt::format("node {} ({})", in_quotes(name), shortened(node.op_type()));
}

std::vector<int> order_of_execution(const onnx::GraphProto& graph, const std::string& file) {
  const Makers makers = makers_of(graph, file);
  const std::vector<std::vector<int>> sources = sources_of(graph, makers, file);
  const std::vector<bool> live = needed(graph, makers, sources, file);
  std::vector<int> order = sorted(graph, sources, file);
  std::erase_if(order, [&](int node) { return !live[static_cast<std::size_t>(node)]; });
  return order;
}

}  // namespace ridgeline::onnx_import
