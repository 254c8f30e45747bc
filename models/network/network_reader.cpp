#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

#include "models/base/error.hpp"
#include "models/network/network_json.hpp"
#include "models/network/network_ops_reader.hpp"

namespace ridgeline {
namespace {

constexpr LengthBounds kName{1, 1000}, kSource{0, 10000};
constexpr std::size_t kMostNodes = 100'000;
constexpr std::size_t kMostNamesCompared = 1000;  // for the nearest one, in a message
constexpr IntegerBounds kCount{0, INT64_MAX};
constexpr RealBounds kPixel{-1e9, 1e9};

const std::vector<std::string> kTopKeys{"schema", "name",    "source", "input", "preprocessing",
                                        "macs",   "weights", "biases", "nodes"};
const std::vector<std::string> kNodeKeys{"name", "op",      "inputs", "output",
                                         "macs", "weights", "biases"};

/// Calls `build`, and says of what it refuses where in the file that stands.
template <class Build>
auto placed(const JsonField& field, const std::string& subject, const Build& build) {
  try {
    return build();
  } catch (const InputError& error) {
    field.fail(subject + error.problem().what, error.problem().allowed, error.problem().nearest);
  }
}

TensorShape read_shape(const JsonField& field) {
  const std::vector<int> extents = read_integers(field, 4, kExtent);
  return {extents[0], extents[1], extents[2], extents[3]};
}

template <std::size_t N>
std::size_t index_of(const JsonField& field, const std::array<const char*, N>& names,
                     const char* kind) {
  const std::vector<std::string> all(names.begin(), names.end());
  const std::string name = field.one_of(all, kind);
  return static_cast<std::size_t>(std::ranges::find(all, name) - all.begin());
}

Preprocessing read_preprocessing(const JsonField& field) {
  const ObjectReader object(field, {"channels", "mean", "scale", "fit"});
  Preprocessing preprocessing;
  preprocessing.channels = static_cast<ChannelOrder>(
      index_of(object.at("channels"), kChannelOrderNames, "channel order"));
  const auto channels = static_cast<std::size_t>(preprocessing.channel_count());
  const auto put = [&](const char* key, std::array<double, 3>& values) {
    const auto list = object.find(key);
    if (!list) return;
    std::size_t c = 0;
    for (const JsonField& item : list->items({channels, channels}))
      values[c++] = item.number(kPixel);
  };
  put("mean", preprocessing.mean);
  put("scale", preprocessing.scale);
  if (const auto fit = object.find("fit"))
    preprocessing.fit = static_cast<PictureFit>(index_of(*fit, kPictureFitNames, "fit"));
  return preprocessing;
}

/// A count that may be left out, and must be right.
void check_count(const ObjectReader& object, const char* key, std::int64_t right) {
  const auto field = object.find(key);
  if (!field || field->integer(kCount) == right) return;
  field->fail(fmt::format("is {}, not what the operations come to", field->shown()),
              fmt::format("{}, or leave the key out", right));
}

void check_work(const ObjectReader& object, const NodeWork& work) {
  check_count(object, "macs", work.macs.count());
  check_count(object, "weights", work.weights);
  check_count(object, "biases", work.biases);
}

void check_output(const ObjectReader& object, const TensorShape& shape) {
  const auto field = object.find("output");
  if (!field || read_shape(*field) == shape) return;
  field->fail(
      "is not the shape that the operation gives",
      fmt::format("[{}, {}, {}, {}], or leave the key out", shape.N, shape.C, shape.H, shape.W));
}

/// Adds the file's nodes to a builder.
class NodeReader {
 public:
  NodeReader(const ObjectReader& top, const JsonField& first) : builder_(start(top, first)) {}

  void add(const JsonField& field) {
    NodeFields fields = read_op(field, kNodeKeys);
    const std::string name = fields.object.at("name").text(kName);
    std::vector<NodeId> inputs;
    for (const JsonField& input : fields.object.at("inputs").items({0, kMostNodes}))
      inputs.push_back(node_called(input));
    placed(field, fmt::format("node '{}': ", name),
           [&] { return builder_.add(name, fields.op, std::move(inputs)); });
    remember(name);
    const Node& node = builder_.network().nodes.back();
    check_global_window(fields.object, node.op);
    check_output(fields.object, node.shape);
    check_work(fields.object, work_of(builder_.network(), node));
  }
  NetworkBuilder& builder() { return builder_; }

 private:
  NetworkBuilder start(const ObjectReader& top, const JsonField& first) {
    const NodeFields fields = read_op(first, kNodeKeys);
    if (!std::holds_alternative<InputOp>(fields.op))
      first.fail("the first node is no input", "a node with \"op\": \"input\"");
    const std::string name = fields.object.at("name").text(kName);
    if (const auto inputs = fields.object.find("inputs")) (void)inputs->items({0, 0});
    const TensorShape shape = read_shape(top.at("input"));
    const auto source = top.find("source");
    NetworkBuilder builder = placed(top.at("input"), "", [&] {
      return NetworkBuilder(top.at("name").text(kName), source ? source->text(kSource) : "", shape,
                            name);
    });
    check_output(fields.object, shape);
    check_work(fields.object, {});
    remember(name);
    return builder;
  }
  void remember(const std::string& name) {
    ids_.emplace(name, static_cast<NodeId>(names_.size()));
    names_.push_back(name);
  }
  NodeId node_called(const JsonField& field) const {
    const std::string name = field.text(kName);
    const auto found = ids_.find(name);
    if (found != ids_.end()) return found->second;
    const auto candidates = std::span(names_).last(std::min(names_.size(), kMostNamesCompared));
    field.fail(fmt::format("{} is no earlier node", field.shown()),
               "names of nodes that stand before this one", nearest_name(name, candidates));
  }

  std::unordered_map<std::string, NodeId> ids_;
  std::vector<std::string> names_;
  NetworkBuilder builder_;  ///< last: start() fills in the names
};

}  // namespace

Network parse_network(const SourceText& source) {
  const JsonValue document = parse_json(source);
  const ObjectReader top(JsonField(document), kTopKeys);
  (void)top.at("schema").one_of(std::vector<std::string>{"ridgeline.network/1"}, "schema");
  const std::vector<JsonField> nodes = top.at("nodes").items({1, kMostNodes});
  NodeReader reader(top, nodes.front());
  for (const JsonField& node : std::span(nodes).subspan(1)) reader.add(node);
  if (const auto field = top.find("preprocessing")) {
    const Preprocessing preprocessing = read_preprocessing(*field);
    placed(*field, "", [&] { reader.builder().set_preprocessing(preprocessing); });
  }
  Network network = std::move(reader.builder()).build();
  check_work(top, {total_macs(network), total_weights(network), total_biases(network)});
  return network;
}

}  // namespace ridgeline
