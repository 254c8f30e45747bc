#include "models/numeric/quantization_error.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/numeric/clamp.hpp"
#include "models/numeric/requantize.hpp"
#include "models/numeric/workload.hpp"

namespace ridgeline {
namespace {

/// The ends of what words can hold. At one that the layer's own clamp, its zero or the words that
/// it copies explain, only what fp32 has beyond it was lost.
struct Ends {
  std::int64_t lowest, highest;
  bool lowest_explained, highest_explained;
};

template <class T>
Ends ends_of(const LoweredLayer& layer, const LayerParameters& parameters) {
  const Quantization& q = parameters.output;
  const bool sum = layer.residual.has_value();
  const bool clamps = sum ? layer.relu_after_add : layer.relu;
  const ClampOp& clamp = sum ? layer.clamp_after_add : layer.clamp;
  const std::int64_t lowest = lowest_word<T>(q), highest = kWordMax<T>;
  const double low_clamp = static_cast<double>(clamp.lowest) / q.scale + q.zero_point;
  const double high_clamp = static_cast<double>(clamp.highest) / q.scale + q.zero_point;
  const bool copies = (layer.kind == LayerKind::max_pool || layer.kind == LayerKind::copy) &&
                      parameters.keeps_words();
  const auto explained = [&](std::int64_t end, bool clamped) {
    return copies || end == q.zero_point || (clamps && clamped);
  };
  return {.lowest = lowest,
          .highest = highest,
          .lowest_explained = explained(lowest, low_clamp > static_cast<double>(lowest) - 0.5),
          .highest_explained = explained(highest, high_clamp < static_cast<double>(highest) + 0.5)};
}

/// Sums of several lanes side by side, so that one addition need not wait for the one before.
template <class T>
void add_powers(const Tensor<float>& real, const Tensor<T>& words, const Quantization& q,
                QuantizationError& error) {
  constexpr std::size_t kLanes = 8;
  double signal[kLanes]{}, noise[kLanes]{};
  const double zero = q.zero_point;
  const auto add = [&](std::size_t i, std::size_t lane) {
    const double x = real.data[i];
    const double difference = x - q.scale * (static_cast<double>(words.data[i]) - zero);
    signal[lane] += x * x;
    noise[lane] += difference * difference;
  };
  const std::size_t whole = words.data.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) add(i + lane, lane);
  for (std::size_t i = whole; i < words.data.size(); ++i) add(i, 0);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    error.signal += signal[lane];
    error.noise += noise[lane];
  }
}

template <class T>
std::int64_t count_saturated(const Tensor<float>& real, const Tensor<T>& words,
                             const Quantization& q, const Ends& ends) {
  std::int64_t saturated = 0;
  for (std::size_t i = 0; i < words.data.size(); ++i) {
    const std::int64_t word = words.data[i];
    if (word != ends.highest && word != ends.lowest) continue;
    const bool high = word == ends.highest;
    const double nearest = std::floor(real.data[i] / q.scale + q.zero_point + 0.5);
    const auto end = static_cast<double>(word);
    const bool beyond = high ? nearest > end : nearest < end;
    const bool explained = high ? ends.highest_explained : ends.lowest_explained;
    if (beyond || (nearest != end && !explained)) ++saturated;
  }
  return saturated;
}

std::optional<ValueRange> range_of_scales(const std::vector<double>& scales) {
  std::optional<ValueRange> range;
  for (const double scale : scales) {
    if (scale == 0) continue;
    if (!range) range = ValueRange{scale, scale};
    range->lowest = std::min(range->lowest, scale);
    range->highest = std::max(range->highest, scale);
  }
  return range;
}

}  // namespace

QuantizationError& QuantizationError::operator+=(const QuantizationError& other) {
  words += other.words;
  saturated += other.saturated;
  signal += other.signal;
  noise += other.noise;
  return *this;
}

std::optional<double> QuantizationError::sqnr_db() const {
  if (noise == 0 || signal == 0) return std::nullopt;
  return 10 * std::log10(signal / noise);
}

LayerQuantization layer_quantization(const Workload& workload, std::size_t index,
                                     const AnyTensor& words) {
  assert(workload.precision != Precision::fp32);
  const LoweredLayer& layer = workload.lowered.layers[index];
  const LayerParameters& parameters = workload.layers[index];
  const Tensor<float>& real = workload.real_outputs.at(index);
  LayerQuantization result{.scale = parameters.output.scale,
                           .zero_point = parameters.output.zero_point,
                           .filter_scales = range_of_scales(parameters.filter_scales)};
  std::visit(
      [&]<class T>(const Tensor<T>& produced) {
        assert(produced.shape == real.shape);
        if constexpr (!std::is_same_v<T, float>) {
          result.error.words = static_cast<std::int64_t>(produced.data.size());
          result.error.saturated =
              count_saturated(real, produced, parameters.output, ends_of<T>(layer, parameters));
          add_powers(real, produced, parameters.output, result.error);
        }
      },
      words);
  return result;
}

bool writes_output(const LoweredNetwork& network, std::size_t index) {
  const TensorId written = network.layers[index].output;
  return written == network.output ||
         network.tensors[static_cast<std::size_t>(written)].storage == network.output;
}

}  // namespace ridgeline
