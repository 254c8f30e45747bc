#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// Running other programs: gnuplot, sbatch.
namespace ridgeline::cli {

/// What a program wrote to standard output.
struct ChildOutput {
  std::string text{};
  bool failed = false;  ///< it ended with a code other than 0, or by a signal
};

/// Runs words[0], searched for in PATH, with the other words as arguments, in `folder` if there is
/// one. Its complaints go to our standard error. Nothing if it cannot be started.
[[nodiscard]] std::optional<ChildOutput> output_of(
    std::vector<std::string> words, const std::optional<std::filesystem::path>& folder = {});

}  // namespace ridgeline::cli
