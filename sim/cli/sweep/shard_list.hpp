#pragma once

#include <cstdint>
#include <vector>

#include "sim/cli/sweep/record_index.hpp"
#include "sim/cli/sweep/sweep_folder.hpp"

namespace ridgeline::cli {

/// Shards of a sweep, ascending, that are not complete, or have not as many records as they say.
[[nodiscard]] std::vector<std::uint64_t> missing_shards(const SweepFolder& folder,
                                                        const RecordIndex& index);

}  // namespace ridgeline::cli
