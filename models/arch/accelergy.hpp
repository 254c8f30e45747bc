#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/arch/energy_table.hpp"
#include "models/base/source_text.hpp"

/// Energy reference tables (ERT) and area reference tables (ART) of Accelergy (Wu, Emer and Sze,
/// ICCAD 2019), versions 0.3 and 0.4, as energy tables: pJ for each action, um^2 for each instance.
///
/// A component is known by the last part of its name, "[a..b]" left off, whatever its capitals:
///
///   mac, intmac                                 mac (compute, mac_random, mac_reused, mac_gated)
///   ifmap_spad, weights_spad or filter_spad,    rf.ifmap, rf.filter, rf.psum (read, write)
///   psum_spad; rf or register_file for all      rf
///   ifmap_noc, weights_noc or filter_noc,       noc.ifmap, noc.filter, noc.psum (transfer or
///   psum_noc; noc for all                       transfer_random)
///   shared_glb, global_buffer or glb;           glb; glb.filter and so on (read, write)
///   weights_glb or filter_glb, ifmap_glb, psum_glb, ofmap_glb
///   dram                                        dram (read, write)
///   vector_unit (compute), machine              vector; the machine's leakage
///
/// "leak" of any of them, times its instances, is leakage of every cycle. "idle", "update" and
/// "transfer_repeated" are known, and nothing here counts them. Any other name is an error that
/// says which is near. What a table leaves out costs nothing, and the result's source says so.
namespace ridgeline {

/// A component that is called otherwise, or whose access moves several words: an ERT has the energy
/// of an access, whatever its width.
struct AccelergyComponent {
  std::string name{};
  std::string action{};  ///< path of an energy table; empty: leave the component out
  int words = 1;         ///< that one access moves
};

/// Where an action has several energies, by arguments: those with these values of them, and the
/// average of what is left.
struct AccelergyArguments {
  std::vector<std::pair<std::string, std::string>> values{};
  bool average = false;
};

struct AccelergyChoices {
  std::vector<AccelergyComponent> components{};
  /// Without it, an action that has several energies is an error: nobody knows which is meant.
  std::optional<AccelergyArguments> arguments{};
};

/// One ERT and any ARTs, from one file or several.
/// @throws InputError with file, line and column
[[nodiscard]] EnergyTable parse_accelergy(std::span<const SourceText> files,
                                          const AccelergyChoices& choices);

/// How a machine's action is called in files that we write; parse_accelergy knows these.
struct AccelergyName {
  const char* component;
  const char* action;
};
/// @param path one of machine_actions
[[nodiscard]] AccelergyName accelergy_name(std::string_view path);

}  // namespace ridgeline
