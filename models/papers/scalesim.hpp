#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/network/shape.hpp"

/// SCALE-Sim beside our pass model (A. Samajdar et al., ISPASS 2020; the formulae are those of its
/// code, github.com/scalesim-project/SCALE-Sim at 1d62b68: scalesim/compute/systolic_compute_*.py
/// and topology_utils.py). What agrees and what does not, and why: docs/model.md.
///
/// Its layers are lowered to matrix products, pre-padded, batch 1, without groups. Nothing here
/// repeats its formulae: the figures are sums over the passes of the dataflows ws_gemm, os_gemm and
/// is_gemm on an array without overlap.
namespace ridgeline::papers {

struct ScalesimLayer {
  std::string network, name;
  int H = 1, W = 1, R = 1, S = 1, C = 1, M = 1, stride = 1;
};

/// What both give for one layer.
struct ScalesimFigures {
  std::int64_t folds = 0;
  Cycles cycles{};                ///< its demand rows; its "Total Cycles" is one less
  double mapping_efficiency = 0;  ///< percent of the PEs in use, mean over the folds
  std::int64_t ifmap_reads = 0;   ///< words, of the buffer
  std::int64_t filter_reads = 0;
};

struct ScalesimRow {
  ScalesimLayer layer;
  int rows = 1, cols = 1;  ///< of the array
  std::string dataflow;    ///< "ws", "os" or "is"
  ScalesimFigures published{};
  std::string source{};  ///< "scalesim-run", or "formula": worked out by the formulae of its code
};

struct ScalesimComparison {
  ScalesimRow row;
  ScalesimFigures ours;
  /// Counts and cycles exactly, the efficiency to the six decimals that SCALE-Sim's reports print.
  [[nodiscard]] bool matches() const;
};

/// An array of rows x cols PEs as SCALE-Sim has it: systolic, no preload, full edge passes, buffer
/// ports as wide as its longer side. As the presets systolic_*, for any size.
[[nodiscard]] Architecture scalesim_array(int rows, int cols);
/// The layer as a convolution. SCALE-Sim rounds the ofmap up, so that the last window may hang over
/// the ifmap's edge, and reads it as if it did not: the ifmap here is as large as the windows need.
[[nodiscard]] ConvShape scalesim_shape(const ScalesimLayer& layer);
/// Our figures: the whole layer as one tile, summed over the passes. `dataflow` is "ws", "os",
/// "is".
/// @throws InputError for more than 10^8 passes
[[nodiscard]] ScalesimFigures scalesim_figures(const ScalesimLayer& layer, int rows, int cols,
                                               std::string_view dataflow);
[[nodiscard]] std::vector<ScalesimComparison> compare_scalesim(std::span<const ScalesimRow> rows);

/// Reads rows from CSV with a header that names the columns, as in scalesim_rows.cpp; others are
/// left alone. `file` is for messages.
/// @throws InputError naming the line
[[nodiscard]] std::vector<ScalesimRow> parse_scalesim_csv(std::string_view text,
                                                          const std::string& file);
/// SqueezeNet v1.1 and AlexNet on 8 x 8 and 16 x 16 PEs, in all three dataflows, as CSV.
[[nodiscard]] std::string_view scalesim_csv();

}  // namespace ridgeline::papers
