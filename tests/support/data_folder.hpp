#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "models/base/source_text.hpp"

/// Third-party pictures, weights and golden outputs, which lie beside the project and not in it:
/// in the folder that the environment variable RIDGELINE_DATA names, or where CMake was told.
namespace ridgeline::testing {

/// Nothing, and a warning that the test is skipped, where the folder is absent.
inline std::optional<std::filesystem::path> data_folder() {
  const char* named = std::getenv("RIDGELINE_DATA");
  const std::filesystem::path folder = named != nullptr ? named : RIDGELINE_DATA_FOLDER;
  if (std::filesystem::exists(folder / "images")) return folder;
  WARN("skipped: there is no data in " << folder << "; RIDGELINE_DATA may name the folder");
  return std::nullopt;
}

inline SourceText data_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  INFO(path);
  REQUIRE(file);
  return {path.string(), std::string(std::istreambuf_iterator<char>(file), {})};
}

}  // namespace ridgeline::testing
