#pragma once

#include <string>

#include "models/base/digest.hpp"
#include "models/network/zoo/zoo.hpp"
#include "models/sweep/sweep_plan.hpp"
#include "tests/arch_configs/config_files.hpp"

/// Specifications of sweeps for tests.
namespace ridgeline::testing {

inline void check_there(const std::filesystem::path& path, const std::string& name) {
  if (!std::filesystem::exists(path)) throw InputError({.what = "'" + name + "' is unknown"});
}

inline SweepLookup sweep_lookup() {
  using config_files::folder;
  return {.architecture =
              [](const std::string& name) {
                check_there(folder() / (name + ".json"), name);
                return config_files::load(name);
              },
          .network =
              [](const std::string& name) {
                (void)zoo::make(name);
                return std::uint64_t{0};
              },
          .fields = {.architecture = {}, .energy_table = [](const std::string& name) {
                       const auto path = folder() / "energy" / (name + ".json");
                       check_there(path, name);
                       return config_files::read(path);
                     }}};
}

/// A correct specification of two axes with 2 x 3 points.
inline config_files::Json small_sweep() {
  return config_files::Json::parse(R"({
    "schema": "ridgeline.sweep/1", "arch": "squeezelerator_16x16", "networks": ["squeezenet_v1.1"],
    "axes": [{"name": "array", "set": {"arch.pe_array.rows": [8, 16], "arch.pe_array.cols": [8, 16]}},
             {"set": {"arch.global_buffer.bytes": [32768, 65536, 131072]}}]})");
}

inline SweepSpec parse_sweep(const config_files::Json& json) {
  return parse_sweep_spec({"small.json", json.dump()}, sweep_lookup());
}

}  // namespace ridgeline::testing
