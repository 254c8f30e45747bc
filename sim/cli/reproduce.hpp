#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "reports/reproduction.hpp"

/// What `reproduce` does with the figures, whoever worked them out.
namespace ridgeline::cli {

struct ReproduceRequest {
  std::vector<const reports::ReproductionFormat*> formats;  ///< to write, or the one to print
  reports::Rows rows = reports::Rows::summed_up;
  std::optional<std::filesystem::path> out{};  ///< folder of files
  bool figures = false;                        ///< figures by gnuplot, into `out`
};

/// Prints the figures, writes files, and says which tolerances were missed. The exit code: 1 if
/// any was, else 0.
[[nodiscard]] int report(std::span<const reports::Reproduction> reproductions,
                         const ReproduceRequest& request);

}  // namespace ridgeline::cli
