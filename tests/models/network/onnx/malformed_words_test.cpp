#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "models/base/error.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "tests/support/onnx_case.hpp"

/// Quantised models that are wrong, or that the machine cannot run as the file has them.
namespace ridgeline::onnx_tests {
namespace {

using onnx::TensorProto;
using Ints = std::vector<std::int64_t>;

/// x (1x2x4x4) -> Q -> x_q -> DQ -> x_d -> Conv(w_d, b_d) -> c -> Q -> y, three filters of int8.
ModelBuilder pairs_model() {
  ModelBuilder model({1, 2, 4, 4});
  model.weights("s", {{}, {0.5F}});
  model.words("z", {}, {3}, TensorProto::UINT8);
  model.weights("w_s", {{3}, {0.25F, 0.5F, 1}});
  model.words("w_z", {3}, {0, 1, -1}, TensorProto::INT8);
  model.words("w", {3, 2, 1, 1}, {1, 2, 3, 4, 5, 6}, TensorProto::INT8);
  model.weights("b_s", {{3}, {0.125F, 0.25F, 0.5F}});
  model.words("b", {3}, {7, 8, 9}, TensorProto::INT32);
  model.node("QuantizeLinear", {"x", "s", "z"}, "x_q");
  model.node("DequantizeLinear", {"x_q", "s", "z"}, "x_d");
  put(model.node("DequantizeLinear", {"w", "w_s", "w_z"}, "w_d"), "axis", std::int64_t{0});
  put(model.node("DequantizeLinear", {"b", "b_s"}, "b_d"), "axis", std::int64_t{0});
  model.node("Conv", {"x_d", "w_d", "b_d"}, "c");
  model.node("QuantizeLinear", {"c", "s", "z"});
  return model;
}

/// x (uint8, 1x2x4x4) -> QLinearConv -> y
ModelBuilder words_model() {
  ModelBuilder model({1, 2, 4, 4});
  model.model.mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->set_elem_type(TensorProto::UINT8);
  model.weights("s", {{}, {0.5F}});
  model.words("z", {}, {3}, TensorProto::UINT8);
  model.words("w", {3, 2, 1, 1}, {1, 2, 3, 4, 5, 6}, TensorProto::UINT8);
  model.words("b", {3}, {7, 8, 9}, TensorProto::INT32);
  model.node("QLinearConv", {"x", "s", "z", "w", "s", "z", "s", "z", "b"});
  return model;
}

struct Case {
  std::string says;
  std::function<void(ModelBuilder&)> spoil;
};

TensorProto& tensor(ModelBuilder& model, const std::string& name) {
  for (auto& found : *model.model.mutable_graph()->mutable_initializer())
    if (found.name() == name) return found;
  FAIL("there is no " << name);
  return *model.model.mutable_graph()->mutable_initializer(0);
}

onnx::NodeProto& node(ModelBuilder& model, int i) {
  return *model.model.mutable_graph()->mutable_node(i);
}

void check_cases(const std::function<ModelBuilder()>& make, const std::vector<Case>& cases) {
  CHECK(error_of(make().bytes()) == "no error");
  for (const Case& one : cases) {
    ModelBuilder model = make();
    one.spoil(model);
    CHECK_THAT(error_of(model.bytes()),
               Catch::Contains(one.says) && Catch::StartsWith("test.onnx: "));
  }
}

const std::vector<Case> kPairs{
    {"node 'the_x_q' (QuantizeLinear): input 1, a scale, is 0; allowed: above 0",
     [](ModelBuilder& m) { tensor(m, "s").set_float_data(0, 0); }},
    {"node 'the_x_q' (QuantizeLinear): input 1, a scale, is -0.5; allowed: above 0",
     [](ModelBuilder& m) { tensor(m, "s").set_float_data(0, -0.5F); }},
    {"node 'the_x_q' (QuantizeLinear): input 1, a scale, is inf; allowed: above 0 and finite",
     [](ModelBuilder& m) {
       put(m.node("Constant", {}, "endless"), "value_float", HUGE_VALF);
       node(m, 0).set_input(1, "endless");
     }},
    {"initialiser 's': element 0 is inf",
     [](ModelBuilder& m) { tensor(m, "s").set_float_data(0, HUGE_VALF); }},
    {"node 'the_x_q' (QuantizeLinear): input 1 ('x') is not constant",
     [](ModelBuilder& m) { node(m, 0).set_input(1, "x"); }},
    {"input 1, a scale, is 1x1; allowed: one number, or a list of them",
     [](ModelBuilder& m) {
       tensor(m, "s").add_dims(1);
       tensor(m, "s").add_dims(1);
     }},
    {"input 2 is int32; allowed: int8 or uint8",
     [](ModelBuilder& m) { tensor(m, "z").set_data_type(TensorProto::INT32); }},
    {"initialiser 'z': has elements of type int16; allowed: float; int8 and uint8 for words",
     [](ModelBuilder& m) { tensor(m, "z").set_data_type(TensorProto::INT16); }},
    {"initialiser 'z': element 0 is 256; allowed: 0 to 255",
     [](ModelBuilder& m) { tensor(m, "z").set_int32_data(0, 256); }},
    {"node 'the_w_d' (DequantizeLinear): input 2, a zero point, is uint8; allowed: int8, as its "
     "words are",
     [](ModelBuilder& m) {
       m.words("other", {3}, {0, 0, 0}, TensorProto::UINT8);
       node(m, 2).set_input(2, "other");
     }},
    {"3 scales and 2 zero points; allowed: as many of one as of the other",
     [](ModelBuilder& m) {
       m.words("other", {2}, {0, 0}, TensorProto::INT8);
       node(m, 2).set_input(2, "other");
     }},
    {"3 scales for a constant of 3x2x1x1 along axis 1; allowed: one, or 2",
     [](ModelBuilder& m) { node(m, 2).clear_attribute(); }},
    {"node 'the_w_d' (DequantizeLinear): axis is 4; allowed: -4 to 3",
     [](ModelBuilder& m) { node(m, 2).mutable_attribute(0)->set_i(4); }},
    {"node 'the_c' (Conv): filter 0 of the weights has several scales",
     [](ModelBuilder& m) {
       m.weights("other", {{2}, {1, 2}});
       node(m, 2).set_input(1, "other");
       node(m, 2).mutable_input()->DeleteSubrange(2, 1);
       node(m, 2).mutable_attribute(0)->set_i(1);
     }},
    {"node 'the_c' (Conv): bias 2 has the scale 0.75; allowed: 0.5, the product of its ifmap's and "
     "its filter's",
     [](ModelBuilder& m) { tensor(m, "b_s").set_float_data(2, 0.75F); }},
    {"node 'the_b_d' (DequantizeLinear): input 2, a zero point of int32 words, is not 0",
     [](ModelBuilder& m) {
       m.words("other", {3}, {0, 1, 0}, TensorProto::INT32);
       node(m, 3).add_input("other");
     }},
    {"node 'the_x_d' (DequantizeLinear): reads input 0 with scale 0.25 and zero point 3, but its "
     "words have scale 0.5 and zero point 3",
     [](ModelBuilder& m) {
       m.weights("other", {{}, {0.25F}});
       node(m, 1).set_input(1, "other");
     }},
    {"node 'the_x_d' (DequantizeLinear): reads real numbers; allowed: words of a QuantizeLinear",
     [](ModelBuilder& m) { node(m, 1).set_input(0, "x"); }},
    {"node 'the_c' (Conv): input 0 ('x_q') is an array of uint8; allowed: float: a "
     "DequantizeLinear",
     [](ModelBuilder& m) { node(m, 4).set_input(0, "x_q"); }},
    {"node 'the_x_q' (QuantizeLinear): 2 scales for an array that depends on the input; allowed: "
     "one",
     [](ModelBuilder& m) {
       m.weights("two", {{2}, {1, 1}});
       m.words("two_z", {2}, {0, 0}, TensorProto::UINT8);
       node(m, 0).set_input(1, "two");
       node(m, 0).set_input(2, "two_z");
     }},
    {"node 'the_x_q' (QuantizeLinear): is an operator since opset 10; the file uses 9",
     [](ModelBuilder& m) { m.model.mutable_opset_import(0)->set_version(9); }},
    {"node 'the_w_d' (DequantizeLinear): has 3 scales before opset 13",
     [](ModelBuilder& m) { m.model.mutable_opset_import(0)->set_version(12); }}};

const std::vector<Case> kWords{
    {"node 'the_y' (QLinearConv): input 8, the bias, is int8; allowed: int32",
     [](ModelBuilder& m) { tensor(m, "b").set_data_type(TensorProto::INT8); }},
    {"2 biases for 3 filters",
     [](ModelBuilder& m) {
       tensor(m, "b").set_dims(0, 2);
       tensor(m, "b").mutable_int32_data()->Truncate(2);
     }},
    {"multiplies two arrays that both depend on the input; allowed: constant weights, input 3",
     [](ModelBuilder& m) { node(m, 0).set_input(3, "x"); }},
    {"node 'the_y' (QLinearConv): has 7 inputs; allowed: 8 to 9",
     [](ModelBuilder& m) { node(m, 0).mutable_input()->DeleteSubrange(7, 2); }},
    {"input 'x': has elements of type int16; allowed: float, int8 or uint8",
     [](ModelBuilder& m) {
       m.model.mutable_graph()
           ->mutable_input(0)
           ->mutable_type()
           ->mutable_tensor_type()
           ->set_elem_type(TensorProto::INT16);
     }},
    {"node 'the_y' (QLinearConv): input 0 holds real numbers; allowed: int8 or uint8 words",
     [](ModelBuilder& m) {
       m.model.mutable_graph()
           ->mutable_input(0)
           ->mutable_type()
           ->mutable_tensor_type()
           ->set_elem_type(TensorProto::FLOAT);
     }},
    {"node 'the_y' (QLinearConv): the operator is not supported; allowed: QLinearAdd, ",
     [](ModelBuilder& m) { node(m, 0).set_domain("com.microsoft"); }}};

/// An operator behind the words of x, in place of the convolution.
std::string error_behind_words(const std::string& op, const std::vector<std::string>& inputs,
                               int type = TensorProto::UINT8) {
  ModelBuilder model = words_model();
  model.model.mutable_graph()->clear_node();
  model.model.mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->set_elem_type(type);
  model.weights("t", {{}, {0.25F}});
  model.words("i", {}, {0}, TensorProto::INT8);
  model.integers("pads", {0, 0, 1, 1, 0, 0, 1, 1});
  onnx::NodeProto& node = model.node(op, inputs);
  if (op == "QLinearConcat" || op == "Concat") put(node, "axis", std::int64_t{1});
  if (op.starts_with("QLinear")) node.set_domain("com.microsoft");
  return error_of(model.bytes());
}

}  // namespace

TEST_CASE("A spoilt quantised model is refused by file, node and operator", "[onnx]") {
  check_cases(&pairs_model, kPairs);
  check_cases(&words_model, kWords);
}

TEST_CASE("Operators on words say what they cannot take", "[onnx]") {
  const auto says = [](const std::string& text) { return Catch::Contains(text); };
  CHECK_THAT(error_behind_words("AveragePool", {"x"}), says("'x') is an array of uint8"));
  CHECK_THAT(error_behind_words("Add", {"x", "x"}), says("'x') is an array of uint8"));
  CHECK_THAT(error_behind_words("Relu", {"x"}), says("reads words of uint8; allowed: int8"));
  CHECK_THAT(error_behind_words("Clip", {"x", "i"}), says("a bound of int8 for words of uint8"));
  CHECK_THAT(error_behind_words("Cast", {"x"}), says("'x') is an array of uint8"));
  CHECK_THAT(error_behind_words("Pad", {"x", "pads", "i"}, TensorProto::INT8), says("no error"));
  CHECK_THAT(error_behind_words("Mul", {"x", "s"}), says("'x') is an array of uint8"));
  CHECK_THAT(error_behind_words("QLinearAdd", {"x", "s", "z", "x", "t", "z", "s", "z"}),
             says("reads input 3 with scale 0.25 and zero point 3"));
  CHECK_THAT(error_behind_words("QLinearConcat", {"s", "z", "x", "s", "z", "x"}),
             says("has 6 inputs"));
}

TEST_CASE("Sums of products that float32 may round are no output of the machine", "[onnx]") {
  ModelBuilder model({1, 300});
  model.model.mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->set_elem_type(TensorProto::UINT8);
  model.words("w", {300, 1}, std::vector<std::int32_t>(300, 255), TensorProto::UINT8);
  model.node("MatMulInteger", {"x", "w"});
  CHECK_THAT(error_of(model.bytes()),
             Catch::Contains("holds sums of products that may reach 19507500; "
                             "allowed: at most 2^24"));
}

}  // namespace ridgeline::onnx_tests
