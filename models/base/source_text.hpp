#pragma once

#include <string>

namespace ridgeline {

/// A text and the path to print in messages about it.
struct SourceText {
  std::string path;
  std::string text;
};

}  // namespace ridgeline
