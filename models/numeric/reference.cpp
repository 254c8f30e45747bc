#include "models/numeric/reference.hpp"

#include <cassert>
#include <cmath>
#include <limits>

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

AnyTensor run_layer(const Workload& workload, std::size_t index, const AnyTensor& input,
                    const AnyTensor* residual) {
  const LoweredLayer& layer = workload.lowered.layers[index];
  const LayerView view{workload.lowered.network.nodes[static_cast<std::size_t>(layer.node)].op,
                       layer, workload.layers[index]};
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

std::vector<float> summation_bound(const Workload& workload, std::size_t index,
                                   const AnyTensor& input, const AnyTensor* residual) {
  const LoweredLayer& layer = workload.lowered.layers[index];
  const LayerParameters& parameters = workload.layers[index];
  assert(runs_on_array(layer.kind));
  constexpr double u = 0x1p-24;
  const double n = static_cast<double>(layer.shape.filter_elements() / layer.shape.M) + 1;
  const double gamma = n * u / (1 - n * u);

  const auto magnitudes = [](std::vector<float> values) {
    for (float& value : values) value = std::abs(value);
    return values;
  };
  const std::vector<float> x = magnitudes(std::get<Tensor<float>>(input).data);
  const std::vector<float> w = magnitudes(std::get<Tensor<float>>(parameters.filters).data);
  const Sums<float> sums = convolution_sums<float>(layer.shape, x, w);
  const float* addend =
      residual == nullptr ? nullptr : std::get<Tensor<float>>(*residual).data.data();
  const std::size_t plane = sums.positions / static_cast<std::size_t>(layer.shape.N);

  std::vector<float> bound;
  bound.reserve(sums.positions * static_cast<std::size_t>(layer.shape.M));
  for (std::size_t row = 0; row < static_cast<std::size_t>(layer.shape.N * layer.shape.M); ++row) {
    const int m = static_cast<int>(row) % layer.shape.M;
    const std::size_t first = row / static_cast<std::size_t>(layer.shape.M) * plane;
    const double bias =
        std::abs(static_cast<double>(parameters.channels[static_cast<std::size_t>(m)].bias_fp32));
    for (const float sum : sums.of_filter(m).subspan(first, plane)) {
      // The sum of magnitudes was rounded as well: its true value is at most this.
      const double magnitude = sum / (1 - gamma) + bias;
      // Products that underflow lose up to half the smallest float each.
      double limit = 2 * gamma * magnitude + n * std::numeric_limits<float>::denorm_min();
      if (addend != nullptr) {
        limit += 2 * u * (magnitude + limit + std::abs(static_cast<double>(*addend++)));
      }
      bound.push_back(std::nextafter(static_cast<float>(limit), HUGE_VALF));
    }
  }
  return bound;
}

}  // namespace ridgeline::reference
