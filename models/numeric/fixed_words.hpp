#pragma once

#include <optional>

#include "models/numeric/calibrate.hpp"
#include "models/numeric/workload.hpp"

/// Quantisations and words that the file of a quantised network fixes. They hold for words of
/// int8, whatever the run's precision; int16 and fp32 take the real numbers that they stand for.
namespace ridgeline {

/// Whether the file fixes anything for this run.
[[nodiscard]] bool has_fixed_words(const LoweredNetwork& lowered, const WorkloadRequest& request);

/// What the file fixes of the values of node `id` in words of `precision`; none if it leaves them
/// open.
[[nodiscard]] std::optional<Quantization> fixed_quantization(const WorkloadRequest& request,
                                                             NodeId id, Precision precision);

/// The file's words for the filters of layer `index`; null if it has none, or the layer's words are
/// wider. Those of a layer that a BatchNorm is folded into are made anew.
[[nodiscard]] const FixedWords* fixed_filters(const LoweredNetwork& lowered, std::size_t index,
                                              const WorkloadRequest& request);

/// Puts the file's filters, and a bias that is words, where calibration has put its own. `input` is
/// the quantisation of the layer's ifmap: the bias is in units of its scale times the filter's.
void put_fixed_filters(const LoweredNetwork& lowered, std::size_t index,
                       const WorkloadRequest& request, const Quantization& input,
                       LayerCalibration& calibration);

}  // namespace ridgeline
