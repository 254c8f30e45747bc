#include "tests/support/zero_points.hpp"

namespace ridgeline::testing {
namespace {

void put_random(Random& random, Quantization& q) {
  q.whole_range = random.one_in(2);
  q.zero_point = random.pick({-128, -100, -7, 0, 1, 64, 127, random.between(-128, 127)});
  if (!q.whole_range && q.zero_point < -127) q.zero_point = -127;
}

void put_random_words(Random& random, Tensor<std::int8_t>& words) {
  for (std::int8_t& word : words.data)
    if (random.one_in(3)) word = static_cast<std::int8_t>(random.between(-128, 127));
}

}  // namespace

void put_random_zero_points(Random& random, Workload& workload) {
  const auto& tensors = workload.lowered.tensors;
  for (Quantization& q : workload.quantizations) put_random(random, q);
  for (std::size_t id = 0; id < tensors.size(); ++id)
    workload.quantizations[id] =
        workload.quantizations[static_cast<std::size_t>(tensors[id].storage)];
  put_random_words(random, std::get<Tensor<std::int8_t>>(workload.input));
  for (std::size_t i = 0; i < workload.layers.size(); ++i) {
    const LoweredLayer& layer = workload.lowered.layers[i];
    LayerParameters& parameters = workload.layers[i];
    parameters.input = workload.quantizations[static_cast<std::size_t>(layer.input)];
    parameters.output = workload.quantizations[static_cast<std::size_t>(layer.output)];
    if (layer.residual)
      parameters.residual = workload.quantizations[static_cast<std::size_t>(*layer.residual)];
    if (!runs_on_array(layer.kind)) continue;
    put_random(random, parameters.value);
    if (!layer.residual) parameters.value = parameters.output;
    auto& filters = std::get<Tensor<std::int8_t>>(parameters.filters);
    if (random.one_in(4)) continue;
    put_random_words(random, filters);
    for (int m = 0; m < layer.shape.M; ++m)
      parameters.filter_zeros.push_back(random.between(-128, 127));
  }
}

}  // namespace ridgeline::testing
