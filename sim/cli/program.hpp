#pragma once

#include <span>
#include <string>

namespace ridgeline::cli {

/// Runs the program on the words after its name and returns the exit code: 0 done; 1 a check
/// failed, or a fault of our own; 2 the user's input is wrong; 3 no mapping exists. Never throws.
[[nodiscard]] int run_program(std::span<const std::string> words);

}  // namespace ridgeline::cli
