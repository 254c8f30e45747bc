#include "models/network/preprocessing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ridgeline {
namespace {

/// "1" where all values are equal, "1, 2, 3" otherwise.
std::string values_text(std::span<const double> values) {
  const bool equal = std::ranges::all_of(values, [&](double x) { return x == values[0]; });
  return fmt::format("{}", fmt::join(values.first(equal ? 1 : values.size()), ", "));
}

}  // namespace

std::span<const double> Preprocessing::means() const {
  return std::span(mean).first(static_cast<std::size_t>(channel_count()));
}

std::span<const double> Preprocessing::scales() const {
  return std::span(scale).first(static_cast<std::size_t>(channel_count()));
}

std::string preprocessing_text(const Preprocessing& preprocessing) {
  std::string text = fmt::format(
      "{}, 0..255", kChannelOrderNames[static_cast<std::size_t>(preprocessing.channels)]);
  if (const std::string mean = values_text(preprocessing.means()); mean != "0")
    text += ", minus " + mean;
  if (const std::string scale = values_text(preprocessing.scales()); scale != "1")
    text += ", times " + scale;
  return text + fmt::format("; other sizes: {}",
                            kPictureFitNames[static_cast<std::size_t>(preprocessing.fit)]);
}

}  // namespace ridgeline
