#include "models/base/error.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace ridgeline {
namespace {

std::string message_of(const InputProblem& problem) {
  std::string text;
  for (const std::string* part : {&problem.file, &problem.place, &problem.what}) {
    if (part->empty()) continue;
    if (!text.empty()) text += ": ";
    text += *part;
  }
  if (!problem.allowed.empty()) text += "; allowed: " + problem.allowed;
  if (!problem.nearest.empty()) text += "; did you mean '" + problem.nearest + "'?";
  return text;
}

/// Levenshtein distance: insertions, deletions and substitutions cost one each.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

InputError::InputError(InputProblem problem)
    : std::runtime_error(message_of(problem)), problem_(std::move(problem)) {}

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
  constexpr std::size_t kLongestCompared = 200;  // a hostile name must not cost quadratic time
  if (name.size() > kLongestCompared) return {};
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  std::string best;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestCompared) continue;
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace ridgeline
