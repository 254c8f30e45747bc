#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/arch/architecture_json.hpp"
#include "models/base/error.hpp"

/// The files of arch_configs for tests, and what a reader says about a wrong one.
namespace ridgeline::config_files {

using Json = nlohmann::ordered_json;

inline std::filesystem::path folder() {
  return std::filesystem::path(RIDGELINE_SOURCE_DIR) / "arch_configs";
}

inline SourceText read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  INFO(path);
  REQUIRE(file);
  return {.path = path.string(), .text = std::string(std::istreambuf_iterator<char>(file), {})};
}

inline ArchitectureLookup lookup() {
  return {.architecture = [](const std::string& name) { return read(folder() / (name + ".json")); },
          .energy_table =
              [](const std::string& name) { return read(folder() / "energy" / (name + ".json")); }};
}

inline Architecture load(const std::string& name) {
  return parse_architecture(read(folder() / (name + ".json")), lookup());
}

inline EnergyTable load_energy(const std::string& name) {
  return parse_energy_table(read(folder() / "energy" / (name + ".json")));
}

inline std::vector<std::filesystem::path> json_files(const std::filesystem::path& in) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(in)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  return files;
}

/// A correct file named machine.json in which every key but base is written out.
inline Json whole_architecture() {
  Architecture arch = load("squeezelerator_16x16");
  arch.name = "machine";
  return Json::parse(to_json_text(arch));
}

/// The same, but for its name.
inline Json whole_architecture_unnamed() {
  Json arch = whole_architecture();
  arch.erase("name");
  return arch;
}

/// A correct file named table.json in which every key is written out.
inline Json whole_energy_table() {
  Json table = whole_architecture()["energy"];
  table["name"] = "table";
  return table;
}

inline Architecture parse_architecture_text(const std::string& text) {
  return parse_architecture({.path = "machine.json", .text = text}, lookup());
}

inline EnergyTable parse_energy_text(const std::string& text) {
  return parse_energy_table({.path = "table.json", .text = text});
}

/// What `read` reports as the user's mistake, or nothing if it finds none. Any other exception
/// escapes and fails the test.
template <class Read>
std::optional<InputProblem> problem_of(const Read& read) {
  try {
    static_cast<void>(read());
    return std::nullopt;
  } catch (const InputError& error) {
    return error.problem();
  }
}

}  // namespace ridgeline::config_files
