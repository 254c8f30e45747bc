#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/base/source_text.hpp"
#include "reports/reproduction.hpp"

/// The published tables that `ridgeline reproduce` works out again. A new one is one file here
/// that returns a Paper, its declaration below, and one line in registry.cpp. It may simulate
/// (sim/run.hpp) and read the architectures that ship (sim/cli/configs.hpp).
namespace ridgeline::papers {

struct Paper {
  std::string name;   ///< as the command line takes it
  std::string title;  ///< one line
  /// Works the figures out; the same every time. Name and title are filled in by reproduce().
  reports::Reproduction (*figures)();
  /// The same for published figures that the user has, as CSV; null where there is no such table.
  /// @throws InputError naming the line
  reports::Reproduction (*figures_of)(const SourceText& published) = nullptr;
};

/// Every paper, in the order of `reproduce all`.
[[nodiscard]] const std::vector<Paper>& all_papers();
[[nodiscard]] reports::Reproduction reproduce(const Paper& paper,
                                              const std::optional<SourceText>& published = {});

[[nodiscard]] Paper accelergy();
[[nodiscard]] Paper eyeriss();
[[nodiscard]] Paper eyeriss_isca16();
[[nodiscard]] Paper networks();
[[nodiscard]] Paper scalesim();
[[nodiscard]] Paper squeezelerator();
[[nodiscard]] Paper squeezenext();

}  // namespace ridgeline::papers
