#include "models/network/layout.hpp"

#include <cassert>

namespace ridgeline {
namespace {

std::int64_t product(std::span<const AxisRun> runs) {
  std::int64_t extent = 1;
  for (const AxisRun& run : runs) extent *= run.extent;
  return extent;
}

void append(std::vector<AxisRun>& runs, AxisRun run) {
  if (run.extent == 1) return;
  if (!runs.empty() && runs.back().stride == run.extent * run.stride) {
    runs.back() = {runs.back().extent * run.extent, run.stride};
  } else {
    runs.push_back(run);
  }
}

}  // namespace

Layout::Layout(std::span<const std::int64_t> dims) : runs_(dims.size()) {
  std::int64_t stride = 1;
  for (std::size_t i = dims.size(); i-- > 0; stride *= dims[i]) append(runs_[i], {dims[i], stride});
}

std::int64_t Layout::dim(std::size_t axis) const {
  return product(runs_[axis]);
}

std::vector<std::int64_t> Layout::dims() const {
  std::vector<std::int64_t> extents;
  for (const auto& runs : runs_) extents.push_back(product(runs));
  return extents;
}

std::int64_t Layout::elements() const {
  std::int64_t count = 1;
  for (const auto& runs : runs_) count *= product(runs);
  return count;
}

std::vector<AxisRun> Layout::runs(std::size_t begin, std::size_t end) const {
  std::vector<AxisRun> joined;
  for (std::size_t i = begin; i < end; ++i)
    for (const AxisRun& run : runs_[i]) append(joined, run);
  return joined;
}

std::vector<std::int64_t> Layout::offsets(std::size_t begin, std::size_t end) const {
  std::vector<std::int64_t> all{0};
  for (const AxisRun& run : runs(begin, end)) {
    std::vector<std::int64_t> finer;
    finer.reserve(all.size() * static_cast<std::size_t>(run.extent));
    for (const std::int64_t base : all)
      for (std::int64_t i = 0; i < run.extent; ++i) finer.push_back(base + i * run.stride);
    all = std::move(finer);
  }
  return all;
}

std::optional<Layout> Layout::reshaped(std::span<const std::int64_t> dims) const {
  std::vector<AxisRun> left = runs(0, rank());
  std::size_t at = 0;
  Layout result;
  for (std::int64_t wanted : dims) {
    std::vector<AxisRun>& taken = result.runs_.emplace_back();
    while (wanted > 1) {
      assert(at < left.size());
      AxisRun& run = left[at];
      if (wanted % run.extent == 0) {
        append(taken, run);
        wanted /= run.extent;
        ++at;
      } else if (run.extent % wanted == 0) {
        run.extent /= wanted;
        append(taken, {wanted, run.stride * run.extent});
        wanted = 1;
      } else {
        return std::nullopt;
      }
    }
  }
  assert(at == left.size());
  return result;
}

Layout Layout::transposed(std::span<const std::size_t> order) const {
  Layout result;
  for (const std::size_t axis : order) result.runs_.push_back(runs_[axis]);
  return result;
}

std::optional<Layout> Layout::with_images(std::int64_t count) const {
  if (runs_.empty()) return std::nullopt;
  const std::int64_t image = elements() / dim(0);
  const std::vector<AxisRun>& images = runs_.front();
  if (images.size() > 1 || (images.size() == 1 && images.front().stride != image)) {
    return std::nullopt;
  }
  Layout result = *this;
  result.runs_.front().clear();
  append(result.runs_.front(), {count, image});
  return result;
}

}  // namespace ridgeline
