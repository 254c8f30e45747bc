#include "models/numeric/reference.hpp"

#include <cassert>
#include <cmath>
#include <limits>
#include <optional>

#include "models/network/layer_precision.hpp"
#include "models/numeric/convolution_sums.hpp"
#include "models/numeric/reference_ops.hpp"
#include "models/numeric/tensor_store.hpp"

namespace ridgeline::reference {

template <class T>
Tensor<T> run(const LayerView& view, const Tensor<T>& input, const Tensor<T>* residual) {
  switch (view.layer.kind) {
    case LayerKind::conv:
    case LayerKind::fully_connected:
      return convolution(view, input, residual);
    case LayerKind::max_pool:
      return max_pool(view, input);
    case LayerKind::average_pool:
      return average_pool(view, input);
    case LayerKind::add:
      assert(residual != nullptr);
      return add(view, input, *residual);
    case LayerKind::copy:
      return copy(view, input);
    case LayerKind::lrn:
      return lrn(view, input);
    case LayerKind::softmax:
      break;
  }
  return softmax(view, input);
}

template Tensor<float> run(const LayerView&, const Tensor<float>&, const Tensor<float>*);

namespace {

/// A layer that meets words of two widths, in wide words: the same integers have the same sums.
AnyTensor run_mixed(const LayerView& view, Precision output, const AnyTensor& input,
                    const AnyTensor* residual) {
  LayerParameters parameters = view.parameters;
  parameters.filters = widened(parameters.filters);
  std::optional<Tensor<std::int16_t>> other;
  if (residual != nullptr) other = widened(*residual);
  Tensor<std::int16_t> wide = run<std::int16_t>({view.op, view.layer, parameters}, widened(input),
                                                other ? &*other : nullptr);
  if (output == Precision::int16) return wide;
  return narrowed(wide);
}

}  // namespace

AnyTensor run_layer(const Workload& workload, std::size_t index, const AnyTensor& input,
                    const AnyTensor* residual) {
  const LoweredLayer& layer = workload.lowered.layers[index];
  const LayerView view{workload.lowered.network.nodes[static_cast<std::size_t>(layer.node)].op,
                       layer, workload.layers[index]};
  const LayerPrecision precision = layer_precision(workload.lowered, layer, workload.precision);
  if (precision.is_mixed()) return run_mixed(view, precision.output, input, residual);
  return std::visit(
      [&]<class T>(const Tensor<T>& words) -> AnyTensor {
        return run(view, words, residual == nullptr ? nullptr : &std::get<Tensor<T>>(*residual));
      },
      input);
}

std::vector<AnyTensor> run_network(const Workload& workload) {
  TensorStore tensors(workload.lowered, workload.precision);
  tensors.put(0, workload.input);
  for (std::size_t i = 0; i < workload.lowered.layers.size(); ++i) {
    const LoweredLayer& layer = workload.lowered.layers[i];
    const AnyTensor* residual = layer.residual ? &tensors.get(*layer.residual) : nullptr;
    tensors.put(layer.output, run_layer(workload, i, tensors.get(layer.input), residual));
  }
  return std::move(tensors).take();
}

namespace {

std::vector<float> magnitudes_of(const AnyTensor& tensor) {
  std::vector<float> values = std::get<Tensor<float>>(tensor).data;
  for (float& value : values) value = std::abs(value);
  return values;
}

/// How far two results of one output element may lie apart. `magnitude` is the sum of |x w|, as
/// fp32 gave it; `taps` products were summed in it.
float bound_of(double magnitude, double taps, double bias, const float* residual) {
  constexpr double u = 0x1p-24;
  const double n = taps + 1;
  const double gamma = n * u / (1 - n * u);
  // The sum of magnitudes was rounded as well: its true value is at most this.
  const double largest = magnitude / (1 - gamma) + std::abs(bias);
  // Products that underflow lose up to half the smallest float each.
  double bound = 2 * gamma * largest + n * std::numeric_limits<float>::denorm_min();
  if (residual != nullptr) {
    bound += 2 * u * (largest + bound + std::abs(static_cast<double>(*residual)));
  }
  return std::nextafter(static_cast<float>(bound), HUGE_VALF);
}

}  // namespace

std::vector<float> summation_bound(const Workload& workload, std::size_t index,
                                   const AnyTensor& input, const AnyTensor* residual) {
  const LoweredLayer& layer = workload.lowered.layers[index];
  const LayerParameters& parameters = workload.layers[index];
  assert(runs_on_array(layer.kind));
  const Sums<float> sums =
      convolution_sums<float>(layer.shape, magnitudes_of(input), magnitudes_of(parameters.filters));
  const float* addend =
      residual == nullptr ? nullptr : std::get<Tensor<float>>(*residual).data.data();
  const double taps = static_cast<double>(layer.shape.filter_elements() / layer.shape.M);
  const std::size_t plane = sums.positions / static_cast<std::size_t>(layer.shape.N);
  std::vector<float> bound;
  bound.reserve(sums.positions * static_cast<std::size_t>(layer.shape.M));
  for (std::size_t n = 0; n < static_cast<std::size_t>(layer.shape.N); ++n) {
    for (int m = 0; m < layer.shape.M; ++m) {
      const float bias = parameters.channels[static_cast<std::size_t>(m)].bias_fp32;
      for (const float sum : sums.of_filter(m).subspan(n * plane, plane)) {
        bound.push_back(bound_of(sum, taps, bias, addend));
        if (addend != nullptr) ++addend;
      }
    }
  }
  return bound;
}

}  // namespace ridgeline::reference
