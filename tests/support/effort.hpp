#pragma once

/// How much a test that draws random cases, or walks through a matrix, can afford. Sanitizers slow
/// a test down several times; they look for faults of kinds of code, not of numbers, and find them
/// in part of the cases.
namespace ridgeline::testing {

#ifdef RIDGELINE_SANITIZED
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

/// `count` random cases, or under sanitizers a part of them.
[[nodiscard]] constexpr int cases(int count, int part = 5) {
  return kSanitized ? count / part : count;
}

}  // namespace ridgeline::testing
