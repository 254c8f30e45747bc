#pragma once

#include <vector>

#include "models/base/json_reader.hpp"

namespace ridgeline {

/// Most values of an axis.
inline constexpr std::size_t kMostValues = 100'000;

/// The values that a specification lists: [8, 16, 32] as they stand, {"from": 8, "to": 64, "step":
/// 8} or {"from": 16384, "to": 262144, "factor": 2} one by one, `to` included if it is met. Whole
/// numbers stay whole where all three are written so.
/// @throws InputError for an empty list or range, a step that leads nowhere, too many values
[[nodiscard]] std::vector<JsonValue> list_values(const JsonField& field);

}  // namespace ridgeline
