#pragma once

#include <optional>

#include "models/mapping/pass.hpp"

/// Which passes of a tile are computed together. The simulator times every pass; the numbers may
/// be worked out for several of them at once, as long as each psum adds its products in the order
/// of the passes.
namespace ridgeline {

/// Joins passes that follow one another: first, by PassMerger, those over the taps of the same
/// channels; then whole windows over channels that follow one another; then whole sums of filters
/// that follow one another at the same positions. What does not continue the pass before starts
/// anew, so what is computed is exactly what was put in.
class JoinedPasses {
 public:
  explicit JoinedPasses(const ConvShape& shape) : shape_(shape) {}

  /// Calls `compute(pass)` for what is complete once `pass` has come, in order.
  template <class Compute>
  void add(const Pass& pass, Compute compute) {
    for (const auto& merged : merger_.add(pass, shape_)) {
      if (merged) join(*merged, compute);
    }
  }
  /// For what is left.
  template <class Compute>
  void finish(Compute compute) {
    for (const auto& merged : merger_.rest()) {
      if (merged) join(*merged, compute);
    }
    if (window_) join_filters(compute);
    if (filters_) compute(*filters_);
    filters_.reset();
    window_.reset();
  }

 private:
  template <class Compute>
  void join(const Pass& pass, Compute compute) {
    if (window_ && continues_channels(*window_, pass)) {
      window_->c.end = pass.c.end;
      window_->last = pass.last;
      return;
    }
    if (window_) join_filters(compute);
    window_ = pass;
  }
  template <class Compute>
  void join_filters(Compute compute) {
    if (filters_ && continues_filters(*filters_, *window_)) {
      filters_->m.end = window_->m.end;
      filters_->ends_tile = window_->ends_tile;
      return;
    }
    if (filters_) compute(*filters_);
    filters_ = window_;
  }
  [[nodiscard]] bool continues_channels(const Pass& a, const Pass& b) const;
  [[nodiscard]] bool continues_filters(const Pass& a, const Pass& b) const;
  [[nodiscard]] bool whole_window(const Pass& pass) const;

  ConvShape shape_;
  PassMerger merger_;
  std::optional<Pass> filters_;  // filters whose sums are complete
  std::optional<Pass> window_;   // channels of the filters after them
};

}  // namespace ridgeline
