#pragma once

#include <algorithm>

#include "models/mapping/dataflow.hpp"

/// rs (Chen et al., Eyeriss, ISCA 2016, and JSSC 52(1), 2017; the letters e, m, n, p, q, r, t are
/// theirs). A PE slides one filter row over one ifmap row. R x e PEs form a set that computes e
/// ofmap rows; a set wider than the array is folded into rows of PEs below one another. Sets that
/// find room below take other channels (r of them), and sets below or beside other filters (t).
/// Each PE interleaves p filters and q channels, whose words its register files hold.
///
/// A pass walks the columns of the ofmap rows of n images. Column by column, ifmap words and psums
/// arrive through their ports, the PEs multiply, and psums leave: three stages that work on
/// different columns at the same time, with queues between them.
namespace ridgeline::dataflows::rs {

/// PEs of a column of the array that a set takes, at most all: taller filters run in parts.
[[nodiscard]] inline int set_rows(const PeArray& array, int R) {
  return std::min(R, array.rows);
}

/// Rows of PEs that hold ofmap rows of one set, when P of them are more than the array is wide.
[[nodiscard]] inline int folds(const PeArray& array, int P) {
  return ceil_div(P, array.cols);
}

/// Sets that fit into the array below one another, folds of one set included, and side by side.
[[nodiscard]] inline int sets_below(const PeArray& array, int R, int P) {
  return array.rows / (set_rows(array, R) * folds(array, P));
}
[[nodiscard]] inline int sets_beside(const PeArray& array, int P) {
  return P <= array.cols ? array.cols / P : 1;
}
[[nodiscard]] inline int sets_in_array(const PeArray& array, int R, int P) {
  return sets_below(array, R, P) * sets_beside(array, P);
}

/// The functions of Dataflow; row_stationary_cost.cpp.
[[nodiscard]] PassCost cost(const Architecture& arch, const ConvShape& shape, const Pass& pass,
                            const ZeroWeights& zeros);
[[nodiscard]] PassAccesses accesses(const Architecture& arch, const ConvShape& shape,
                                    const Pass& pass, const ZeroWeights& zeros);
[[nodiscard]] LayerTotals totals(const LayerPasses& layer);

}  // namespace ridgeline::dataflows::rs
