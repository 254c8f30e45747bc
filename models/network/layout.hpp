#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// How the dimensions of an array lie over the elements of another one that is dense: every
/// dimension is a list of runs, outermost first. Reshaping and transposing an array move no
/// element, they only cut, join and reorder the runs; so any chain of them is one layout.
/// Offsets and strides count elements. Nothing here throws.
namespace ridgeline {

/// `extent` steps of `stride` elements; extents are at least 2.
struct AxisRun {
  std::int64_t extent = 1, stride = 1;
  bool operator==(const AxisRun&) const = default;
};

class Layout {
 public:
  Layout() = default;
  /// Row-major: the array is the dense one, seen with these extents (each at least 1).
  explicit Layout(std::span<const std::int64_t> dims);

  [[nodiscard]] std::size_t rank() const { return runs_.size(); }
  [[nodiscard]] std::vector<std::int64_t> dims() const;
  [[nodiscard]] std::int64_t dim(std::size_t axis) const;
  [[nodiscard]] std::int64_t elements() const;
  /// The runs of dimensions [begin, end), joined where they follow one another without a gap.
  [[nodiscard]] std::vector<AxisRun> runs(std::size_t begin, std::size_t end) const;
  /// Offset of every element, in row-major order of those dimensions.
  [[nodiscard]] std::vector<std::int64_t> offsets(std::size_t begin, std::size_t end) const;
  [[nodiscard]] std::vector<std::int64_t> offsets() const { return offsets(0, rank()); }

  /// The same elements with other extents, of the same product; none if a new dimension would have
  /// to cut a run that it does not divide.
  [[nodiscard]] std::optional<Layout> reshaped(std::span<const std::int64_t> dims) const;
  /// Dimension i of the result is dimension order[i] of this; `order` is a permutation.
  [[nodiscard]] Layout transposed(std::span<const std::size_t> order) const;
  /// As many images more or fewer; none unless the first dimension counts whole images, one after
  /// another.
  [[nodiscard]] std::optional<Layout> with_images(std::int64_t count) const;

  bool operator==(const Layout&) const = default;

 private:
  std::vector<std::vector<AxisRun>> runs_;  // by dimension, joined, without extents of one
};

}  // namespace ridgeline
