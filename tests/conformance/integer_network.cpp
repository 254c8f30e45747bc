#include <algorithm>
#include <cmath>
#include <map>

#include "tests/conformance/quantiser.hpp"
#include "tests/support/onnx_case.hpp"

namespace ridgeline::onnx_tests {
namespace {

using onnx::NodeProto;
using Int = std::int64_t;

Int attribute(const NodeProto& node, const std::string& name, int i, Int usual) {
  for (const auto& found : node.attribute())
    if (found.name() == name) return i < found.ints_size() ? found.ints(i) : usual;
  return usual;
}

class IntegerNetwork {
 public:
  IntegerNetwork(const onnx::GraphProto& graph, const std::vector<float>& picture) {
    for (const auto& tensor : graph.initializer()) constants_[tensor.name()] = array_of(tensor);
    const auto& input = graph.input(0);
    for (const auto& dim : input.type().tensor_type().shape().dim())
      picture_.dims.push_back(dim.dim_value());
    picture_.values = picture;
  }

  std::vector<double> run(const NodeProto& node) {
    const std::string& op = node.op_type();
    Words& y = values_[node.output(0)];
    if (op == "QuantizeLinear") {
      y = words_like(node, 1, picture_.dims);
      for (const float real : picture_.values) y.values.push_back(word_for(real, y));
    } else if (op == "QLinearConv") {
      convolve(node, y);
    } else if (op == "MaxPool") {
      pool(node, y);
    } else if (op == "QLinearConcat") {
      join(node, y);
    } else if (op == "QLinearGlobalAveragePool") {
      average(node, y);
    } else if (op == "Flatten") {
      y = values_.at(node.input(0));
    } else {
      const Words& x = values_.at(node.input(0));
      std::vector<double> reals;
      for (std::size_t i = 0; i < x.values.size(); ++i) reals.push_back(x.real(i));
      return reals;
    }
    return {};
  }

 private:
  /// No words yet, with the scale and zero point that inputs `i` and `i` + 1 hold.
  Words words_like(const NodeProto& node, int i, Dims dims) const {
    const Array& zeros = constants_.at(node.input(i + 1));
    Words words{.dims = std::move(dims),
                .scales = constants_.at(node.input(i)).values,
                .zeros = {zeros.values.begin(), zeros.values.end()},
                .type = zeros.type};
    return words;
  }

  /// Adds the products of one tap of a filter to all positions of its channel.
  static void add_tap(const Words& x, std::size_t plane, std::int32_t weight, Int r, Int t,
                      const NodeProto& node, const Dims& out, std::vector<Int>& sums) {
    const Int H = x.dims[2], W = x.dims[3];
    const Int stride = attribute(node, "strides", 0, 1);
    const Int top = attribute(node, "pads", 0, 0), left = attribute(node, "pads", 1, 0);
    const std::int32_t zero = x.zero(0);
    for (Int p = 0; p < out[2]; ++p) {
      const Int h = p * stride - top + r;
      if (h < 0 || h >= H) continue;
      const std::int32_t* row = x.values.data() + plane + static_cast<std::size_t>(h * W);
      Int* sum = sums.data() + p * out[3];
      for (Int q = 0; q < out[3]; ++q) {
        const Int v = q * stride - left + t;
        if (v >= 0 && v < W) sum[q] += (row[v] - zero) * weight;
      }
    }
  }

  void convolve(const NodeProto& node, Words& y) const {
    const Words& x = values_.at(node.input(0));
    const Array &w = constants_.at(node.input(3)), &bias = constants_.at(node.input(8));
    const std::vector<float>& scales = constants_.at(node.input(4)).values;
    const Int C = w.dims[1], R = w.dims[2], S = w.dims[3];
    const auto extent = [&](int axis, Int kernel) {
      const Int pads = attribute(node, "pads", axis, 0) + attribute(node, "pads", axis + 2, 0);
      const Int size = x.dims[static_cast<std::size_t>(axis) + 2];
      return (size + pads - kernel) / attribute(node, "strides", axis, 1) + 1;
    };
    y = words_like(node, 6, {1, w.dims[0], extent(0, R), extent(1, S)});
    const float* weight = w.values.data();
    for (std::size_t m = 0; m < static_cast<std::size_t>(w.dims[0]); ++m) {
      std::vector<Int> sums(static_cast<std::size_t>(y.dims[2] * y.dims[3]),
                            static_cast<Int>(bias.values[m]));
      for (Int c = 0; c < C; ++c)
        for (Int r = 0; r < R; ++r)
          for (Int t = 0; t < S; ++t)
            add_tap(x, static_cast<std::size_t>(c * x.dims[2] * x.dims[3]),
                    static_cast<std::int32_t>(*weight++), r, t, node, y.dims, sums);
      const double unit = x.scale(0) * scales[m];
      for (const Int sum : sums) y.values.push_back(word_for(static_cast<double>(sum) * unit, y));
    }
  }

  /// Of whole words, ceil mode as PyTorch has it, no pads.
  void pool(const NodeProto& node, Words& y) const {
    const Words& x = values_.at(node.input(0));
    const Int kernel = attribute(node, "kernel_shape", 0, 1);
    const Int stride = attribute(node, "strides", 0, 1), H = x.dims[2], W = x.dims[3];
    const bool ceil = std::ranges::any_of(node.attribute(), [](const auto& found) {
      return found.name() == "ceil_mode" && found.i() != 0;
    });
    const auto extent = [&](Int size) {
      return (size - kernel + (ceil ? stride - 1 : 0)) / stride + 1;
    };
    y = x;
    y.dims = {1, x.dims[1], extent(H), extent(W)};
    y.values.clear();
    for (Int c = 0; c < x.dims[1]; ++c)
      for (Int p = 0; p < y.dims[2]; ++p)
        for (Int q = 0; q < y.dims[3]; ++q) {
          std::int32_t largest = x.lowest();
          for (Int h = p * stride; h < std::min(H, p * stride + kernel); ++h)
            for (Int v = q * stride; v < std::min(W, q * stride + kernel); ++v)
              largest = std::max(largest, x.values[static_cast<std::size_t>((c * H + h) * W + v)]);
          y.values.push_back(largest);
        }
  }

  void join(const NodeProto& node, Words& y) const {
    y = words_like(node, 0, values_.at(node.input(2)).dims);
    y.dims[1] = 0;
    for (int i = 2; i < node.input_size(); i += 3) {
      const Words& x = values_.at(node.input(i));
      y.dims[1] += x.dims[1];
      for (std::size_t k = 0; k < x.values.size(); ++k) y.values.push_back(word_for(x.real(k), y));
    }
  }

  void average(const NodeProto& node, Words& y) const {
    const Words& x = values_.at(node.input(0));
    const auto plane = static_cast<std::size_t>(x.dims[2] * x.dims[3]);
    y = words_like(node, 3, {1, x.dims[1], 1, 1});
    for (std::size_t at = 0; at < x.values.size(); at += plane) {
      Int sum = 0;
      for (std::size_t i = at; i < at + plane; ++i) sum += x.values[i] - x.zero(0);
      y.values.push_back(
          word_for(static_cast<double>(sum) * x.scale(0) / static_cast<double>(plane), y));
    }
  }

  Array picture_{};
  std::map<std::string, Array> constants_{};
  std::map<std::string, Words> values_{};
};

}  // namespace

std::vector<double> run_integers(const onnx::ModelProto& words, const std::vector<float>& picture) {
  IntegerNetwork network(words.graph(), picture);
  std::vector<double> output;
  for (const NodeProto& node : words.graph().node()) output = network.run(node);
  return output;
}

}  // namespace ridgeline::onnx_tests
