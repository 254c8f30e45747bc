#include "tests/conformance/quantiser.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/network/onnx/onnx_import.hpp"
#include "models/numeric/reference.hpp"
#include "tests/support/onnx_case.hpp"

namespace ridgeline::onnx_tests {
namespace {

using onnx::NodeProto;
using onnx::TensorProto;

class Quantiser {
 public:
  Quantiser(const onnx::ModelProto& real, const std::map<std::string, Range>& ranges, Form form)
      : ranges_(ranges), form_(form) {
    model_.set_ir_version(8);
    model_.add_opset_import()->set_version(13);
    auto& domain = *model_.add_opset_import();
    domain.set_domain("com.microsoft");
    domain.set_version(1);
    for (const auto& tensor : real.graph().initializer()) weights_[tensor.name()] = &tensor;
    *graph().add_input() = real.graph().input(0);
    const std::string& input = real.graph().input(0).name();
    put_scales(input, ranges_.at(input));
    quantise(input, input);
  }

  void put(const NodeProto& node) {
    const std::string& op = node.op_type();
    const std::string &x = node.input(0), &y = node.output(0);
    if (op == "Conv") {
      before_relu_[y] = &node;
    } else if (op == "Relu") {
      put_scales(y, ranges_.at(y));
      put_convolution(*before_relu_.at(x), y);
    } else if (op == "MaxPool" || op == "Flatten") {
      scales_[y] = scales_.at(x);
      put_words_operator(node, op == "MaxPool");
    } else if (op == "Dropout") {
      scales_[y] = scales_.at(x);
      held_[y] = held_.at(x);
    } else if (op == "Concat" || op == "GlobalAveragePool") {
      put_scales(y, ranges_.at(y));
      op == "Concat" ? put_concat(node) : put_average(node);
    } else {
      throw std::invalid_argument("no quantised " + op);
    }
    last_ = y;
  }

  onnx::ModelProto finish() && {
    if (form_ == Form::words)
      add("DequantizeLinear", with_scales(held_.at(last_), last_), "real_" + last_);
    graph().add_output()->set_name(form_ == Form::words ? "real_" + last_ : held_.at(last_));
    return std::move(model_);
  }

 private:
  onnx::GraphProto& graph() { return *model_.mutable_graph(); }

  NodeProto& add(const std::string& op, const std::vector<std::string>& inputs,
                 const std::string& output) {
    NodeProto& node = *graph().add_node();
    node.set_op_type(op);
    node.set_name(output + "_" + op);
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(output);
    return node;
  }

  TensorProto& initialiser(const std::string& name, int type, std::vector<std::int64_t> dims) {
    TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    tensor.mutable_dims()->Add(dims.begin(), dims.end());
    return tensor;
  }

  /// uint8 words from the lowest to the highest number, zero among them.
  void put_scales(const std::string& value, const Range& range) {
    const float lowest = std::min(0.0F, range.lowest);
    const float scale = (std::max(0.0F, range.highest) - lowest) / 255;
    scales_[value] = value;
    scale_of_[value] = scale;
    initialiser(value + "_s", TensorProto::FLOAT, {}).add_float_data(scale);
    initialiser(value + "_z", TensorProto::UINT8, {})
        .add_int32_data(static_cast<int>(std::nearbyint(-lowest / scale)));
  }

  /// `array` and the scale and zero point of `value` behind it.
  std::vector<std::string> with_scales(const std::string& array, const std::string& value) const {
    const std::string& of = scales_.at(value);
    return {array, of + "_s", of + "_z"};
  }

  /// Real numbers `from` become the words of `value`, or in the form of pairs what those stand for.
  void quantise(const std::string& from, const std::string& value) {
    add("QuantizeLinear", with_scales(from, value), value + "_q");
    held_[value] = value + "_q";
    if (form_ == Form::words) return;
    add("DequantizeLinear", with_scales(value + "_q", value), value + "_d");
    held_[value] = value + "_d";
  }

  /// int8 words, one scale a filter, and int32 words of the bias.
  void put_weights(const NodeProto& conv, float x_scale) {
    const Array w = array_of(*weights_.at(conv.input(1))),
                b = array_of(*weights_.at(conv.input(2)));
    const auto M = static_cast<std::size_t>(w.dims[0]), words = w.values.size() / M;
    const std::int64_t filters = w.dims[0];
    TensorProto& scales = initialiser(conv.input(1) + "_s", TensorProto::FLOAT, {filters});
    TensorProto& units = initialiser(conv.input(2) + "_s", TensorProto::FLOAT, {filters});
    TensorProto& zeros = initialiser(conv.input(1) + "_z", TensorProto::INT8, {filters});
    TensorProto& w_words = initialiser(conv.input(1) + "_q", TensorProto::INT8, w.dims);
    TensorProto& b_words = initialiser(conv.input(2) + "_q", TensorProto::INT32, b.dims);
    for (std::size_t m = 0; m < M; ++m) {
      float largest = 1e-6F;
      for (std::size_t i = m * words; i < (m + 1) * words; ++i)
        largest = std::max(largest, std::abs(w.values[i]));
      const float scale = largest / 127, unit = scale * x_scale;
      scales.add_float_data(scale);
      units.add_float_data(unit);
      zeros.add_int32_data(0);
      for (std::size_t i = m * words; i < (m + 1) * words; ++i)
        w_words.add_int32_data(static_cast<int>(std::nearbyint(w.values[i] / scale)));
      b_words.add_int32_data(static_cast<int>(std::nearbyint(b.values[m] / unit)));
    }
  }

  void put_convolution(const NodeProto& conv, const std::string& y) {
    const std::string &x = conv.input(0), &w = conv.input(1), &b = conv.input(2);
    put_weights(conv, scale_of_.at(scales_.at(x)));
    if (form_ == Form::words) {
      auto inputs = with_scales(held_.at(x), x);
      const auto out = with_scales("", y);
      inputs.insert(inputs.end(), {w + "_q", w + "_s", w + "_z", out[1], out[2], b + "_q"});
      *add("QLinearConv", inputs, y + "_q").mutable_attribute() = conv.attribute();
      held_[y] = y + "_q";
      return;
    }
    onnx_tests::put(add("DequantizeLinear", {w + "_q", w + "_s", w + "_z"}, w + "_d"), "axis",
                    std::int64_t{0});
    onnx_tests::put(add("DequantizeLinear", {b + "_q", b + "_s"}, b + "_d"), "axis",
                    std::int64_t{0});
    *add("Conv", {held_.at(x), w + "_d", b + "_d"}, y + "_c").mutable_attribute() =
        conv.attribute();
    add("Relu", {y + "_c"}, y + "_r");
    quantise(y + "_r", y);
  }

  /// An operator that is the same on words; `pair`: with a pair behind it.
  void put_words_operator(const NodeProto& node, bool pair) {
    const std::string &x = node.input(0), &y = node.output(0);
    *add(node.op_type(), {held_.at(x)}, y + "_o").mutable_attribute() = node.attribute();
    held_[y] = y + "_o";
    if (pair && form_ == Form::pairs) quantise(y + "_o", y);
  }

  void put_concat(const NodeProto& node) {
    const std::string& y = node.output(0);
    std::vector<std::string> inputs;
    if (form_ == Form::words) inputs = {y + "_s", y + "_z"};
    for (const std::string& x : node.input()) {
      const auto part = with_scales(held_.at(x), x);
      inputs.insert(inputs.end(), part.begin(),
                    form_ == Form::words ? part.end() : part.begin() + 1);
    }
    const bool words = form_ == Form::words;
    NodeProto& joined = add(words ? "QLinearConcat" : "Concat", inputs, y + "_o");
    *joined.mutable_attribute() = node.attribute();
    held_[y] = y + "_o";
    if (words)
      joined.set_domain("com.microsoft");
    else
      quantise(y + "_o", y);
  }

  void put_average(const NodeProto& node) {
    const std::string &x = node.input(0), &y = node.output(0);
    if (form_ == Form::pairs) {
      add("GlobalAveragePool", {held_.at(x)}, y + "_o");
      return quantise(y + "_o", y);
    }
    auto inputs = with_scales(held_.at(x), x);
    inputs.insert(inputs.end(), {y + "_s", y + "_z"});
    add("QLinearGlobalAveragePool", inputs, y + "_q").set_domain("com.microsoft");
    held_[y] = y + "_q";
  }

  const std::map<std::string, Range>& ranges_;
  Form form_;
  onnx::ModelProto model_{};
  std::map<std::string, const TensorProto*> weights_{};
  std::map<std::string, const NodeProto*> before_relu_{};
  std::map<std::string, std::string> scales_{};  ///< of a value: whose scale it has
  std::map<std::string, float> scale_of_{};
  std::map<std::string, std::string> held_{};  ///< of a value: its name in the new model
  std::string last_{};
};

}  // namespace

std::map<std::string, Range> ranges_of(const onnx::ModelProto& real,
                                       const std::vector<float>& picture) {
  const TrainedNetwork trained = parse_onnx({"real.onnx", real.SerializeAsString()});
  const Workload workload = workload_of(trained, picture);
  const std::vector<AnyTensor> tensors = reference::run_network(workload);
  std::map<std::string, Range> of_node;
  for (std::size_t id = 0; id < tensors.size(); ++id) {
    const auto& values = std::get<Tensor<float>>(tensors[id]).data;
    const auto [lowest, highest] = std::ranges::minmax(values);
    const NodeId node = workload.lowered.tensors[id].node;
    of_node[trained.network.nodes[static_cast<std::size_t>(node)].name] = {lowest, highest};
  }
  std::map<std::string, Range> ranges{{real.graph().input(0).name(), of_node.at("input")}};
  for (const onnx::NodeProto& node : real.graph().node())
    if (const auto found = of_node.find(node.name()); found != of_node.end())
      ranges[node.output(0)] = found->second;
  return ranges;
}

onnx::ModelProto quantised(const onnx::ModelProto& real, const std::map<std::string, Range>& ranges,
                           Form form) {
  Quantiser quantiser(real, ranges, form);
  for (const NodeProto& node : real.graph().node())
    if (node.op_type() != "Softmax") quantiser.put(node);
  return std::move(quantiser).finish();
}

}  // namespace ridgeline::onnx_tests
