#include "models/network/onnx/onnx_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "models/base/text.hpp"
#include "models/network/onnx/graph_order.hpp"
#include "models/network/onnx/input_reading.hpp"
#include "models/network/onnx/model_file.hpp"
#include "models/network/onnx/operators.hpp"
#include "models/network/onnx/words.hpp"

namespace ridgeline {
namespace {

using namespace onnx_import;  // NOLINT: this file is its front door

/// A model whose graph is known to be well formed, ready to be imported with one reading of its
/// input or another.
struct Model {
  const SourceText& file;
  const onnx::ModelProto& proto;
  std::int64_t opset = 0;
  std::vector<int> order{};
  const onnx::ValueInfoProto* input = nullptr;
  std::map<std::string, std::vector<std::int64_t>> stated{};  ///< extents, by value
};

/// "dir/squeezenet_v1.0.onnx" is "squeezenet_v1.0".
std::string network_name(const std::string& path) {
  std::string name = path.substr(path.find_last_of('/') + 1);
  if (name.ends_with(".onnx")) name.resize(name.size() - 5);
  return name.empty() ? "network" : without_controls(std::move(name));
}

std::string source_of(const Model& model) {
  std::string text = fmt::format("ONNX file, opset {}", model.opset);
  if (!model.proto.producer_name().empty())
    text += fmt::format(", by {} {}", model.proto.producer_name(), model.proto.producer_version());
  return shortened(text, 100);
}

/// The one input of the graph that is no initialiser and that its outputs depend on.
const onnx::ValueInfoProto* find_input(const Model& model) {
  const onnx::GraphProto& graph = model.proto.graph();
  std::map<std::string, bool> known;  // whether it is read
  for (const auto& input : graph.input()) known[input.name()] = false;
  for (const auto& tensor : graph.initializer()) known.erase(tensor.name());
  const auto read = [&](const std::string& name) {
    if (const auto found = known.find(name); found != known.end()) found->second = true;
  };
  for (const int node : model.order)
    for (const std::string& name : graph.node(node).input()) read(name);
  for (const auto& output : graph.output()) read(output.name());
  const onnx::ValueInfoProto* only = nullptr;
  for (const auto& input : graph.input()) {
    if (!known.contains(input.name()) || !known[input.name()]) continue;
    if (only != nullptr)
      fail(model.file.path, "",
           "has two inputs, " + in_quotes(only->name()) + " and " + in_quotes(input.name()), "one");
    only = &input;
  }
  if (only == nullptr) fail(model.file.path, "", "has no input that its outputs depend on", "one");
  return only;
}

Model prepare(const SourceText& file, const onnx::ModelProto& proto) {
  Model model{.file = file, .proto = proto, .opset = opset_of(proto, file.path)};
  const onnx::GraphProto& graph = proto.graph();
  model.order = order_of_execution(graph, file.path);
  // A node may look at the scales that its reader has.
  std::stable_partition(model.order.begin(), model.order.end(),
                        [&](int node) { return graph.node(node).op_type() == "Constant"; });
  model.input = find_input(model);
  const auto state = [&](const auto& infos) {
    for (const auto& info : infos)
      if (auto dims = stated_dims(info)) model.stated[info.name()] = *std::move(dims);
  };
  state(graph.value_info());
  state(graph.output());
  return model;
}

/// The file may say what shapes it expects; a difference means that one of us is wrong.
void check_stated(const Model& model, const onnx::NodeProto& node, GraphImport& graph) {
  for (const std::string& name : node.output()) {
    const auto stated = model.stated.find(name);
    const auto made = graph.values.find(name);
    if (stated == model.stated.end() || made == graph.values.end()) continue;
    const auto* array = std::get_if<Activation>(&made->second);
    if (array == nullptr) continue;
    const std::vector<std::int64_t> dims = dims_of(*array);
    const auto fits = [](std::int64_t has, std::int64_t says) { return says < 0 || has == says; };
    if (std::ranges::equal(dims, stated->second, fits)) continue;
    fail(model.file.path, place_of(node),
         "makes " + in_quotes(name) + " of " + dims_text(dims) + ", but the file states " +
             dims_text(stated->second),
         "shapes that agree");
  }
}

void import_nodes(const Model& model, GraphImport& graph) {
  for (const int index : model.order) {
    const onnx::NodeProto& proto = model.proto.graph().node(index);
    try {
      NodeImport node(graph, proto);
      import_node(node);
    } catch (const InputError& error) {
      // The builder of networks knows neither the file nor ONNX's names.
      if (!error.problem().file.empty()) throw;
      fail(model.file.path, place_of(proto), error.problem().what, error.problem().allowed);
    }
    check_stated(model, proto, graph);
  }
}

/// Fails for what no run could tell: words whose scale is not known before it, and sums of products
/// that float32, in which the machine can keep them, might round.
void check_output(const NodeImport& node, const Activation& x) {
  if (!x.dynamic.empty())
    node.fail("is quantised with a scale that depends on it", "float, or a QuantizeLinear's words");
  if (x.elements != ElementType::int32) return;
  const double largest = largest_sum(node, x);
  constexpr double kExact = 0x1p24;
  if (largest > kExact)
    node.fail(fmt::format("holds sums of products that may reach {:.0f}", largest),
              "at most 2^24, which float32 holds exactly; or a Cast and a Mul by their scale");
}

/// Every output as elements of a node. One with shuffled channels or pads gets a layer for that.
std::vector<ArrayOfNode> outputs_of(const Model& model, GraphImport& graph) {
  std::vector<ArrayOfNode> outputs;
  for (const auto& output : model.proto.graph().output()) {
    onnx::NodeProto reader;
    reader.set_name(output.name());
    reader.set_op_type("output");
    reader.add_input(output.name());
    reader.add_output(output.name());
    NodeImport node(graph, reader);
    const Activation x = node.in_order(node.activation(0));
    (void)quantization_of(node, x);
    check_output(node, x);
    outputs.push_back(
        {.name = output.name(), .node = x.node, .layout = x.layout, .elements = x.elements});
  }
  return outputs;
}

TrainedNetwork import_with(const Model& model, const InputReading& reading) {
  const onnx::GraphProto& proto = model.proto.graph();
  GraphImport graph{.file = model.file.path,
                    .opset = model.opset,
                    .builder = NetworkBuilder(network_name(model.file.path), source_of(model),
                                              reading.shape, "input")};
  graph.names.insert("input");
  for (const auto& tensor : proto.initializer()) graph.initialisers[tensor.name()] = &tensor;
  for (const int node : model.order)
    for (const std::string& name : proto.node(node).input()) {
      ++graph.readers[name];
      graph.reader[name] = &proto.node(node);
    }
  for (const auto& output : proto.output()) ++graph.readers[output.name()];
  const ElementType elements = input_elements(*model.input, model.file.path);
  graph.values[model.input->name()] = Activation{.layout = reading.layout, .elements = elements};
  import_nodes(model, graph);
  TrainedNetwork trained;
  trained.input = {.name = model.input->name(), .layout = reading.layout, .elements = elements};
  trained.outputs = outputs_of(model, graph);
  trained.network = std::move(graph.builder).build();
  trained.weights = std::move(graph.weights);
  for (const NodeId id : graph.late_biases) {
    Op& op = trained.network.nodes[static_cast<std::size_t>(id)].op;
    if (auto* conv = std::get_if<ConvOp>(&op)) conv->bias = true;
    if (auto* full = std::get_if<FullyConnectedOp>(&op)) full->bias = true;
  }
  for (const NodeId id : graph.separate)
    std::get<ClampOp>(trained.network.nodes[static_cast<std::size_t>(id)].op).separate = true;
  return trained;
}

}  // namespace

TrainedNetwork parse_onnx(const SourceText& file) {
  const onnx::ModelProto proto = read_model(file);
  const Model model = prepare(file, proto);
  std::exception_ptr first;
  for (const InputReading& reading : readings_of(input_dims(*model.input, file.path))) {
    try {
      return import_with(model, reading);
    } catch (const LayoutError&) {
      if (!first) first = std::current_exception();
    } catch (const InputError&) {
      if (!first) throw;
    }
  }
  std::rethrow_exception(first);
}

}  // namespace ridgeline
