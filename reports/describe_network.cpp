#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/base/grouped.hpp"
#include "reports/describe.hpp"
#include "reports/format.hpp"
#include "reports/run_text.hpp"
#include "reports/table.hpp"

namespace ridgeline::reports {
namespace {

/// A node with what there is to say about it, worked out once for every form.
struct NodeFacts {
  std::string name, op;
  std::vector<std::string> inputs;
  TensorShape shape;
  std::optional<Window> window;
  int groups = 1;
  NodeWork work;
};

NodeFacts facts_of(const Network& network, NodeId id) {
  const Node& node = network.nodes[static_cast<std::size_t>(id)];
  NodeFacts facts;
  facts.name = node.name;
  facts.op = op_name(node.op);
  facts.shape = node.shape;
  facts.work = work_of(network, node);
  for (const NodeId input : node.inputs) {
    facts.inputs.push_back(network.nodes[static_cast<std::size_t>(input)].name);
  }
  if (const auto* conv = std::get_if<ConvOp>(&node.op)) {
    facts.window = conv->window;
    facts.groups = conv->G;
  } else if (const auto* pool = std::get_if<PoolOp>(&node.op)) {
    facts.window = pool->window;
  }
  return facts;
}

std::vector<NodeFacts> facts_of(const Network& network) {
  std::vector<NodeFacts> all;
  for (std::size_t id = 0; id < network.nodes.size(); ++id) {
    all.push_back(facts_of(network, static_cast<NodeId>(id)));
  }
  return all;
}

/// "2" for equal values, "2,1" otherwise; empty where it is the usual `usual`.
template <std::size_t N>
std::string values_text(const std::array<int, N>& values, int usual) {
  bool equal = true;
  for (const int value : values) equal = equal && value == values[0];
  if (equal && values[0] == usual) return "";
  return equal ? fmt::format("{}", values[0]) : fmt::format("{}", fmt::join(values, ","));
}

/// Inputs are shown where they are not simply the row above: those are the graph's joins.
std::vector<std::string> row_of(const NodeFacts& facts, const std::string& previous) {
  constexpr std::size_t kLongestName = 40;
  const bool follows = facts.inputs.size() == 1 && facts.inputs[0] == previous;
  std::vector<std::string> row{shortened(printable(facts.name), kLongestName), facts.op,
                               shape_text(facts.shape)};
  if (facts.window) {
    const Window& w = *facts.window;
    row.push_back(fmt::format("{}x{}", w.R, w.S));
    row.push_back(values_text(w.stride, 1));
    row.push_back(values_text(w.pad, 0));
    row.push_back(values_text(w.dilation, 1));
  } else {
    row.resize(row.size() + 4);
  }
  row.push_back(facts.groups == 1 ? "" : fmt::format("{}", facts.groups));
  row.push_back(facts.work.macs == Macs{} ? "" : grouped(facts.work.macs.count()));
  row.push_back(facts.work.weights == 0 ? "" : grouped(facts.work.weights));
  row.push_back(follows ? "" : printable(fmt::format("{}", fmt::join(facts.inputs, " + "))));
  return row;
}

std::string csv_row(const NodeFacts& facts) {
  const TensorShape& s = facts.shape;
  std::vector<std::string> row{facts.name, facts.op,
                               fmt::format("{}", fmt::join(facts.inputs, " "))};
  const auto put = [&](std::int64_t value) { row.push_back(fmt::format("{}", value)); };
  for (const int extent : {s.N, s.C, s.H, s.W}) put(extent);
  if (facts.window) {
    const Window& w = *facts.window;
    for (const int extent : {w.R, w.S}) put(extent);
    for (const int stride : w.stride) put(stride);
    for (const int pad : w.pad) put(pad);
    for (const int dilation : w.dilation) put(dilation);
    put(facts.groups);
  } else {
    row.resize(row.size() + 11);
  }
  for (const std::int64_t count : {facts.work.macs.count(), facts.work.weights, facts.work.biases})
    put(count);
  return csv_record(row);
}

}  // namespace

std::string network_text(const Network& network) {
  Table table;
  for (const char* header : {"node", "op", "output"})
    table.columns.push_back({header, Align::left});
  for (const char* header : {"kernel", "stride", "pad", "dilation", "groups", "MACs", "weights"}) {
    table.columns.push_back({header});
  }
  table.columns.push_back({"inputs, if not the row above", Align::left});
  std::string previous;
  for (const NodeFacts& facts : facts_of(network)) {
    table.rows.push_back(row_of(facts, previous));
    previous = facts.name;
  }
  std::vector<std::string> total(table.columns.size());
  total[0] = "total";
  total[8] = grouped(total_macs(network).count());
  total[9] = grouped(total_weights(network));
  table.footer.push_back(std::move(total));
  const std::string picture =
      network.preprocessing ? "  pictures: " + preprocessing_text(*network.preprocessing) + "\n"
                            : "";
  return fmt::format(
      "{}, input {}\n  source: {}\n{}\n{}\n{} MACs = {} operations, {} weights and {} biases.\n"
      "MACs count convolutions and fully connected layers, without biases and BatchNorm.\n",
      printable(network.name), shape_text(network.input()), printable(network.source), picture,
      to_text(table), grouped(total_macs(network).count()),
      grouped(operations(total_macs(network))), grouped(total_weights(network)),
      grouped(total_biases(network)));
}

std::string network_csv(const Network& network) {
  std::string text =
      "node,op,inputs,N,C,H,W,R,S,stride_h,stride_w,pad_top,pad_left,pad_bottom,pad_right,"
      "dilation_h,dilation_w,groups,macs,weights,biases\r\n";
  for (const NodeFacts& facts : facts_of(network)) text += csv_row(facts);
  return text;
}

}  // namespace ridgeline::reports
