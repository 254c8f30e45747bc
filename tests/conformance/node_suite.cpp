#include "tests/conformance/node_suite.hpp"

#include <algorithm>
#include <filesystem>

namespace ridgeline::onnx_tests {
namespace {

namespace fs = std::filesystem;

/// Operators that take several arrays; the others' further inputs are weights.
bool joins_arrays(const std::string& op) {
  return op == "Add" || op == "Sum" || op == "Concat";
}

onnx::TensorProto tensor_of(const fs::path& file) {
  onnx::TensorProto tensor;
  (void)tensor.ParseFromString(read_bytes(file.string()));
  return tensor;
}

std::vector<onnx::TensorProto> tensors_of(const fs::path& folder, const std::string& kind,
                                          int count) {
  std::vector<onnx::TensorProto> tensors;
  for (int i = 0; i < count; ++i)
    tensors.push_back(tensor_of(folder / (kind + "_" + std::to_string(i) + ".pb")));
  return tensors;
}

void make_initialiser(onnx::GraphProto& graph, onnx::TensorProto tensor, const std::string& name) {
  tensor.set_name(name);
  *graph.add_initializer() = std::move(tensor);
}

/// Puts a 1x1 convolution (a matrix for arrays of rank 2) in front that takes channels [first,
/// first + C) of "joined" for value `name`.
void select(onnx::GraphProto& graph, const std::string& name, std::int64_t total,
            std::int64_t first, const Dims& dims) {
  const std::int64_t C = dims[1];
  onnx::TensorProto filters;
  filters.set_name("select_" + name);
  filters.set_data_type(onnx::TensorProto::FLOAT);
  filters.add_dims(C);
  filters.add_dims(total);
  for (std::size_t i = 2; i < dims.size(); ++i) filters.add_dims(1);
  for (std::int64_t m = 0; m < C; ++m)
    for (std::int64_t c = 0; c < total; ++c) filters.add_float_data(c == first + m ? 1.0F : 0.0F);
  *graph.add_initializer() = filters;
  onnx::NodeProto& node = *graph.add_node();
  node.set_op_type(dims.size() == 2 ? "Gemm" : "Conv");
  if (dims.size() == 2) put(node, "transB", std::int64_t{1});
  node.add_input("joined");
  node.add_input(filters.name());
  node.add_output(name);
}

/// The arrays one behind another along dimension 1, image by image.
Array joined(const std::vector<Array>& arrays) {
  Array whole = arrays.front();
  whole.values.clear();
  whole.dims[1] = 0;
  for (const Array& array : arrays) whole.dims[1] += array.dims[1];
  for (std::int64_t n = 0; n < whole.dims[0]; ++n) {
    for (const Array& array : arrays) {
      const auto image = static_cast<std::ptrdiff_t>(array.values.size()) / array.dims[0];
      whole.values.insert(whole.values.end(), array.values.begin() + n * image,
                          array.values.begin() + (n + 1) * image);
    }
  }
  return whole;
}

void join_inputs(SuiteCase& one, const std::vector<onnx::TensorProto>& tensors) {
  onnx::GraphProto& graph = *one.model.mutable_graph();
  std::vector<Array> arrays;
  for (const auto& tensor : tensors) arrays.push_back(array_of(tensor));
  if (one.op != "Concat" && arrays.front().dims.size() == 1) {
    // A sum of lists is one of single rows.
    for (Array& array : arrays) array.dims.insert(array.dims.begin(), 1);
    graph.mutable_output(0)->clear_type();
    auto* shape = graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
    *shape->add_dim() = shape->dim(0);
    shape->mutable_dim(0)->set_dim_value(1);
  }
  for (const Array& array : arrays) {
    Dims dims = array.dims;
    if (dims.size() < 2 || dims.size() > 4) {
      one.why_not = "arrays of one dimension have no channels";
      return;
    }
    dims[1] = arrays.front().dims.size() > 1 ? arrays.front().dims[1] : 0;
    if (dims != arrays.front().dims) {
      one.why_not = "arrays that depend on the input are not broadcast";
      return;
    }
  }
  one.input = joined(arrays);
  std::int64_t first = 0;
  for (int i = 0; i < graph.input_size(); ++i) {
    const Dims& dims = arrays[static_cast<std::size_t>(i)].dims;
    select(graph, graph.input(i).name(), one.input.dims[1], first, dims);
    first += dims[1];
  }
  onnx::ValueInfoProto input = graph.input(0);
  input.set_name("joined");
  input.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(1)->set_dim_value(
      one.input.dims[1]);
  graph.clear_input();
  *graph.add_input() = input;
}

/// Inputs that are initialisers as well are fed by nobody.
void drop_known_inputs(onnx::GraphProto& graph) {
  for (int i = graph.input_size(); i-- > 0;)
    for (const auto& known : graph.initializer())
      if (known.name() == graph.input(i).name()) {
        graph.mutable_input()->DeleteSubrange(i, 1);
        break;
      }
}

SuiteCase case_of(const fs::path& folder, onnx::ModelProto model) {
  SuiteCase one{.name = folder.filename().string(), .op = model.graph().node(0).op_type()};
  const fs::path data = folder / "test_data_set_0";
  one.output = array_of(tensor_of(data / "output_0.pb"));
  one.model = std::move(model);
  onnx::GraphProto& graph = *one.model.mutable_graph();
  drop_known_inputs(graph);
  const std::vector<onnx::TensorProto> tensors = tensors_of(data, "input", graph.input_size());
  if (one.output.values.empty()) {
    one.why_not = "elements are neither float nor words";
    return one;
  }
  if (tensors.empty()) {
    one.why_not = "there is no input";
    return one;
  }
  const bool alike = std::ranges::all_of(tensors, [&](const onnx::TensorProto& tensor) {
    return tensor.dims_size() == tensors[0].dims_size();
  });
  // An array of lower rank that is added is a constant, as a bias is.
  if (joins_arrays(one.op) && tensors.size() > 1 && alike) {
    if (one.output.type != onnx::TensorProto::FLOAT) {
      one.why_not = "words without a scale";
      return one;
    }
    join_inputs(one, tensors);
    return one;
  }
  one.input = array_of(tensors[0]);
  if (one.input.values.empty()) one.why_not = "elements are neither float nor words";
  for (int i = 1; i < graph.input_size(); ++i)
    make_initialiser(graph, tensors[static_cast<std::size_t>(i)], graph.input(i).name());
  return one;
}

}  // namespace

bool suite_is_there() {
  return fs::is_directory(RIDGELINE_ONNX_TESTDATA);
}

std::vector<SuiteCase> suite_cases(const std::string& op) {
  std::vector<SuiteCase> cases;
  for (const char* folder : {"node", "pytorch-converted", "pytorch-operator"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(RIDGELINE_ONNX_TESTDATA) / folder)) {
      onnx::ModelProto model;
      if (!model.ParseFromString(read_bytes((entry.path() / "model.onnx").string()))) continue;
      if (model.graph().node_size() != 1 || model.graph().node(0).op_type() != op) continue;
      // These operators are the same since opset 1, but for attributes that opset 7 dropped.
      auto& set = *model.mutable_opset_import(0);
      if (set.version() < 7) {
        set.set_version(7);
        auto& attributes = *model.mutable_graph()->mutable_node(0)->mutable_attribute();
        for (int i = attributes.size(); i-- > 0;)
          if (attributes.Get(i).name() == "is_test" || attributes.Get(i).name() == "broadcast")
            attributes.DeleteSubrange(i, 1);
      }
      cases.push_back(case_of(entry.path(), std::move(model)));
    }
  }
  std::ranges::sort(cases, {}, &SuiteCase::name);
  return cases;
}

}  // namespace ridgeline::onnx_tests
