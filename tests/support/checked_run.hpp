#pragma once

#include <cstdint>
#include <optional>

#include "sim/run.hpp"

/// Random cases of property tests, each run and compared with the reference.
namespace ridgeline::testing {

/// Runs the workload and checks that every element of every layer is as the reference has it. None
/// if a layer has no mapping.
[[nodiscard]] std::optional<sim::RunResult> checked_run(const Architecture& arch,
                                                        const Workload& workload,
                                                        const sim::RunOptions& options);

/// Runs `run_case` for seeds first, first + 1, ...; more than one in `part` of them must have a
/// mapping (be true).
void run_cases(bool (*run_case)(std::uint64_t seed), std::uint64_t first, int count, int part = 2);

}  // namespace ridgeline::testing
