#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "models/base/error.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "tests/support/onnx_case.hpp"

/// Whatever the bytes are, the answer is a network or an InputError that names the file.
namespace ridgeline::onnx_tests {
namespace {

using Ints = std::vector<std::int64_t>;

/// x (1x3x8x8) -> Conv -> c -> Relu -> y
ModelBuilder small_model() {
  ModelBuilder model({1, 3, 8, 8});
  model.weights("w", random_array({4, 3, 3, 3}, 1));
  model.node("Conv", {"x", "w"}, "c");
  model.node("Relu", {"c"});
  return model;
}

struct Case {
  std::string says;
  std::function<void(ModelBuilder&)> spoil;
};

onnx::GraphProto& graph(ModelBuilder& model) {
  return *model.model.mutable_graph();
}

const std::vector<Case> kCases{
    {"test.onnx: node 'the_c' (Conv): reads 'nobody', which nothing makes",
     [](ModelBuilder& m) { graph(m).mutable_node(0)->set_input(0, "nobody"); }},
    {"test.onnx: node 'the_c' (Conv): depends on its own output: the graph has a cycle",
     [](ModelBuilder& m) { graph(m).mutable_node(0)->set_input(0, "y"); }},
    {"test.onnx: node 'the_y' (Relu): makes 'c', which is there already",
     [](ModelBuilder& m) { graph(m).mutable_node(1)->set_output(0, "c"); }},
    {"test.onnx: initialiser 'w': the name is taken by an earlier one",
     [](ModelBuilder& m) { m.weights("w", random_array({1}, 1)); }},
    {"test.onnx: node 'the_y' (Softplus): the operator is not supported; allowed: Add, ",
     [](ModelBuilder& m) { graph(m).mutable_node(1)->set_op_type("Softplus"); }},
    {"is an operator of the domain 'com.example'",
     [](ModelBuilder& m) { graph(m).mutable_node(1)->set_domain("com.example"); }},
    {"test.onnx: node 'the_c' (Conv): has attribute 'kernal_shape', which is unknown here",
     [](ModelBuilder& m) {
       put(*graph(m).mutable_node(0), "kernal_shape", Ints{3, 3});
     }},
    {"has attribute 'group' twice",
     [](ModelBuilder& m) {
       for (int i = 0; i < 2; ++i) put(*graph(m).mutable_node(0), "group", std::int64_t{1});
     }},
    {"attribute 'group' is of type FLOAT; allowed: INT",
     [](ModelBuilder& m) { put(*graph(m).mutable_node(0), "group", 1.0F); }},
    {"kernel_shape is not that of the weights",
     [](ModelBuilder& m) {
       put(*graph(m).mutable_node(0), "kernel_shape", Ints{3, 2});
     }},
    {"strides has a -1",
     [](ModelBuilder& m) {
       put(*graph(m).mutable_node(0), "strides", Ints{1, -1});
     }},
    {"pads has 3 numbers",
     [](ModelBuilder& m) {
       put(*graph(m).mutable_node(0), "pads", Ints{1, 1, 1});
     }},
    {"auto_pad is 'SAME'; allowed: NOTSET",
     [](ModelBuilder& m) { put(*graph(m).mutable_node(0), "auto_pad", "SAME"); }},
    {"4 filters in 3 groups",
     [](ModelBuilder& m) { put(*graph(m).mutable_node(0), "group", std::int64_t{3}); }},
    {"weights are 4x3x3x3 in 2 groups for an ifmap of 3 channels",
     [](ModelBuilder& m) { put(*graph(m).mutable_node(0), "group", std::int64_t{2}); }},
    {"test.onnx: initialiser 'w': holds 108 elements, but its shape says 216",
     [](ModelBuilder& m) { graph(m).mutable_initializer(0)->set_dims(0, 8); }},
    {"has more elements than can be counted",
     [](ModelBuilder& m) { graph(m).mutable_initializer(0)->set_dims(0, 1 << 30); }},
    {"initialiser 'w': has a dimension of -4",
     [](ModelBuilder& m) { graph(m).mutable_initializer(0)->set_dims(0, -4); }},
    {"has elements of type double; allowed: float",
     [](ModelBuilder& m) {
       graph(m).mutable_initializer(0)->set_data_type(onnx::TensorProto::DOUBLE);
     }},
    {"element 5 is inf",
     [](ModelBuilder& m) { graph(m).mutable_initializer(0)->set_float_data(5, HUGE_VALF); }},
    {"keeps its data outside the file",
     [](ModelBuilder& m) {
       graph(m).mutable_initializer(0)->set_data_location(onnx::TensorProto::EXTERNAL);
     }},
    {"input 1 ('x') is not constant",
     [](ModelBuilder& m) { graph(m).mutable_node(0)->set_input(1, "x"); }},
    {"input 'x': has a dimension of -2",
     [](ModelBuilder& m) {
       auto* type = graph(m).mutable_input(0)->mutable_type()->mutable_tensor_type();
       type->mutable_shape()->mutable_dim(2)->set_dim_value(-2);
     }},
    {"input 'x': leaves the extent of dimension 2 open",
     [](ModelBuilder& m) {
       auto* type = graph(m).mutable_input(0)->mutable_type()->mutable_tensor_type();
       type->mutable_shape()->mutable_dim(2)->set_dim_param("height");
     }},
    {"input 'x': has elements of type double; allowed: float, int8 or uint8",
     [](ModelBuilder& m) {
       auto* type = graph(m).mutable_input(0)->mutable_type()->mutable_tensor_type();
       type->set_elem_type(onnx::TensorProto::DOUBLE);
     }},
    {"uses opset 18; allowed: 7 to 17",
     [](ModelBuilder& m) { m.model.mutable_opset_import(0)->set_version(18); }},
    {"does not say which opset it uses", [](ModelBuilder& m) { m.model.clear_opset_import(); }},
    {"output 'z': is made by no node",
     [](ModelBuilder& m) { graph(m).mutable_output(0)->set_name("z"); }},
    {"makes 'y' of 1x4x6x6, but the file states 1x4x8x8",
     [](ModelBuilder& m) {
       auto* type = graph(m).mutable_output(0)->mutable_type()->mutable_tensor_type();
       for (const int dim : {1, 4, 8, 8}) type->mutable_shape()->add_dim()->set_dim_value(dim);
     }},
    {"has no input that its outputs depend on",
     [](ModelBuilder& m) { graph(m).mutable_output(0)->set_name("w"); }}};

}  // namespace

TEST_CASE("A spoilt ONNX model is refused by file, node and operator", "[onnx]") {
  CHECK(error_of(small_model().bytes()) == "no error");
  for (const Case& one : kCases) {
    ModelBuilder model = small_model();
    one.spoil(model);
    CHECK_THAT(error_of(model.bytes()),
               Catch::Contains(one.says) && Catch::StartsWith("test.onnx"));
  }
}

TEST_CASE("What is no ONNX model is refused, and so is one cut short anywhere", "[onnx]") {
  CHECK_THAT(error_of(""), Catch::Contains("test.onnx: is empty"));
  CHECK_THAT(error_of("# a text\nof two lines\n"), Catch::Contains("no ONNX model"));
  CHECK_THAT(error_of(std::string(4096, '\0')), Catch::Contains("no ONNX model"));
  const std::string whole = small_model().bytes();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const std::string error = error_of(whole.substr(0, size));
    if (error != "no error") continue;
    // Only what ends after the graph is whole may pass: nothing but the opset can follow.
    INFO(size);
    CHECK(size + 8 >= whole.size());
  }
}

TEST_CASE("Any byte of an ONNX model may change without harm", "[onnx]") {
  const std::string whole = small_model().bytes();
  for (std::size_t at = 0; at<whole.size(); at += whole.size()> 1000 ? 1 : 1) {
    for (const int flip : {1, 0x80, 0xFF}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      const std::string error = error_of(changed);
      if (error != "no error") CHECK_THAT(error, Catch::StartsWith("test.onnx"));
    }
  }
}

TEST_CASE("A file of many empty messages is refused before they take memory", "[onnx]") {
  std::string nodes;
  for (int i = 0; i < 400'000; ++i) nodes += std::string("\x0a\x00", 2);
  std::string model = "\x3a";
  for (std::size_t left = nodes.size(); left > 0; left >>= 7)
    model += static_cast<char>((left & 0x7F) | (left > 0x7F ? 0x80 : 0));
  CHECK_THAT(error_of(model + nodes), Catch::Contains("messages and names; allowed: at most"));
}

TEST_CASE("Nodes in any order, dead ones and shared weights are imported", "[onnx]") {
  ModelBuilder model({1, 3, 8, 8});
  model.weights("w", random_array({3, 3, 1, 1}, 1));
  model.weights("unused", random_array({7}, 2));
  model.node("Relu", {"b"});
  model.node("Softplus", {"a"}, "dead");
  model.node("Conv", {"a", "w"}, "b");
  model.node("Conv", {"x", "w"}, "a");
  const TrainedNetwork trained = model.parse();
  CHECK(trained.network.nodes.size() == 4);
  CHECK(trained.weights[1] == trained.weights[2]);
}

}  // namespace ridgeline::onnx_tests
