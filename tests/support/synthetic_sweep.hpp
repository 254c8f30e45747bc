#pragma once

#include <cstdint>

#include "models/sweep/point_record.hpp"

/// Sweeps that nobody ran: a grid of five axes of ten values, whose figures follow a simple machine
/// and a little noise, seeded by the point. For tests of what is made of records.
namespace ridgeline {

/// "two values" at once on one axis, numbers and names, and a text that is hostile to formats.
inline constexpr const char* kHostile = "=a,\"b\"\r\n</script>\\\xC3\xA9\xFF\x01";

/// The first `points`, at most 100,000, of the grid, which keeps layers if `layers`.
[[nodiscard]] SweepHeader synthetic_sweep(std::uint64_t points, bool layers);
/// Point `index` of it. One in fifty has failed.
[[nodiscard]] PointRecord synthetic_point(const SweepHeader& header, std::uint64_t index);

}  // namespace ridgeline
