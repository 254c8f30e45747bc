#include "models/numeric/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ridgeline {
namespace {

constexpr int kSteps = 64;            ///< buckets to a power of two
constexpr int kShift = 23 - 6;        ///< of a float's bits, to the key of its bucket
constexpr int kDeepest = 6 * kSteps;  ///< edges below the largest value that are tried

/// Magnitudes of a bucket are lower_edge(key) <= x < lower_edge(key + 1).
double lower_edge(std::uint32_t key) {
  return std::bit_cast<float>(key << kShift);
}

}  // namespace

/// A side's values from an edge on, for every edge: counts, sums and squares of what lies beyond.
struct Histogram::Tail {
  std::uint32_t first = 0;
  double largest = 0;
  std::vector<Bucket> beyond;  ///< [i]: of buckets i and above; the last is empty

  [[nodiscard]] std::size_t edges() const { return beyond.size(); }
  [[nodiscard]] double edge(std::size_t i) const {
    return lower_edge(first + static_cast<std::uint32_t>(i));
  }
  /// The bucket that holds x: what lies in buckets above it is larger.
  [[nodiscard]] std::size_t bucket_of(double x) const {
    const std::uint32_t key = std::bit_cast<std::uint32_t>(static_cast<float>(x)) >> kShift;
    return key <= first ? 0 : std::min<std::size_t>(key - first, edges() - 1);
  }
  /// The error of all values if those from `end` on are clipped to it and the step is `step`. `end`
  /// is an edge or the largest value.
  [[nodiscard]] double error(double end, double step) const {
    const Bucket& all = beyond.front();
    if (all.count == 0) return 0;
    const std::size_t at_end = end >= largest ? edges() - 1 : bucket_of(end);
    const Bucket& clipped = beyond[at_end];
    const auto count = static_cast<double>(clipped.count);
    const double clipping = clipped.squares - 2 * end * clipped.sum + end * end * count;
    const Bucket& rounded = beyond[std::min(bucket_of(step / 2), at_end)];
    const double to_zero = all.squares - rounded.squares;
    return clipping + to_zero + step * step / 12 * (static_cast<double>(rounded.count) - count);
  }
  /// Ends of a range that are worth trying, the largest first.
  [[nodiscard]] std::vector<double> ends(std::size_t step) const {
    std::vector<double> ends{largest};
    if (largest == 0) return ends;
    const std::size_t top = bucket_of(largest);
    for (std::size_t down = 0; down < kDeepest && down < top; down += step)
      ends.push_back(edge(top - down));
    return ends;
  }
};

Histogram::Bucket& Histogram::Side::at(std::uint32_t key) {
  if (buckets.empty()) first = key;
  if (key < first) {
    buckets.insert(buckets.begin(), first - key, {});
    first = key;
  }
  if (key - first >= buckets.size()) buckets.resize(key - first + 1);
  return buckets[key - first];
}

void Histogram::add(std::span<const float> values) {
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    ++count_;
    if (value == 0) continue;
    Side& side = value > 0 ? positive_ : negative_;
    const double x = std::abs(value);
    Bucket& bucket = side.at(std::bit_cast<std::uint32_t>(std::abs(value)) >> kShift);
    ++bucket.count;
    bucket.sum += x;
    bucket.squares += x * x;
    side.largest = std::max(side.largest, x);
  }
}

Histogram::Side Histogram::magnitudes() const {
  Side both = positive_;
  both.largest = std::max(both.largest, negative_.largest);
  for (std::size_t i = negative_.buckets.size(); i-- > 0;) {
    const Bucket& from = negative_.buckets[i];
    if (from.count == 0) continue;
    Bucket& to = both.at(negative_.first + static_cast<std::uint32_t>(i));
    to.count += from.count;
    to.sum += from.sum;
    to.squares += from.squares;
  }
  return both;
}

Histogram::Tail Histogram::tail_of(const Side& side) {
  Tail tail{.first = side.first, .largest = side.largest, .beyond = {}};
  tail.beyond.resize(side.buckets.size() + 1);
  for (std::size_t i = side.buckets.size(); i-- > 0;) {
    const Bucket &own = side.buckets[i], &above = tail.beyond[i + 1];
    tail.beyond[i] = {own.count + above.count, own.sum + above.sum, own.squares + above.squares};
  }
  return tail;
}

/// The lowest edge beyond which lie at most `allowed` values.
double Histogram::end_with_outside(const Side& side, double allowed) {
  const Tail tail = tail_of(side);
  std::size_t i = tail.edges() - 1;
  while (i > 0 && static_cast<double>(tail.beyond[i - 1].count) <= allowed) --i;
  if (i == 0) return 0;  // all of them may lie outside
  return std::min(tail.edge(i), side.largest);
}

ValueRange Histogram::percentile_range(double percentile, bool asymmetric) const {
  const double outside = (100 - percentile) / 100 * static_cast<double>(count_);
  ValueRange range;
  if (asymmetric) {
    range.highest = end_with_outside(positive_, outside / 2);
    range.lowest = -end_with_outside(negative_, outside / 2);
  } else {
    range.highest = end_with_outside(magnitudes(), outside);
    range.lowest = -range.highest;
  }
  if (range.highest > 0 || range.lowest < 0) return range;
  return {-negative_.largest, positive_.largest};
}

ValueRange Histogram::least_error_range(int steps, bool asymmetric) const {
  const double intervals = steps - 1;
  double least = HUGE_VAL;
  ValueRange best;
  const auto consider = [&](double error, ValueRange range) {
    if (error >= least) return;
    least = error;
    best = range;
  };
  if (!asymmetric) {
    const Tail tail = tail_of(magnitudes());
    for (const double end : tail.ends(1))
      consider(tail.error(end, 2 * end / intervals), {-end, end});
    return best;
  }
  constexpr std::size_t kEveryFourth = 4;
  const Tail below = tail_of(negative_), above = tail_of(positive_);
  for (const double lowest : below.ends(kEveryFourth)) {
    for (const double highest : above.ends(kEveryFourth)) {
      const double step = (lowest + highest) / intervals;
      consider(below.error(lowest, step) + above.error(highest, step), {-lowest, highest});
    }
  }
  return best;
}

}  // namespace ridgeline
