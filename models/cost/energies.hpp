#pragma once

#include <array>
#include <cstdint>

#include "models/cost/run_stats.hpp"

/// What each action costs on one machine with words of one precision, and how often a layer does
/// it. Energy = counts x energies, action by action.
namespace ridgeline {

/// A value for each action: register files and buffer by operand, a word read or written; noc a
/// word moved by one PE. They are named as paths of an energy table in `machine_actions`.
template <class Value>
struct ByAction {
  Value mac_random{};
  Value mac_reused{};  ///< the PE's MAC before had one of the operands as well
  Value mac_gated{};   ///< its ifmap word is zero and nothing switches
  Value rf_ifmap_read{}, rf_ifmap_write{};
  Value rf_filter_read{}, rf_filter_write{};
  Value rf_psum_read{}, rf_psum_write{};
  Value noc_ifmap{}, noc_filter{}, noc_psum{};
  Value glb_ifmap_read{}, glb_ifmap_write{};
  Value glb_filter_read{}, glb_filter_write{};
  Value glb_psum_read{}, glb_psum_write{};
  Value glb_ofmap_read{}, glb_ofmap_write{};
  Value dram_read{}, dram_write{};
  Value vector{};   ///< an operation of a lane
  Value leakage{};  ///< a cycle of the whole machine

  bool operator==(const ByAction&) const = default;
};

using Energies = ByAction<double>;  ///< in the table's unit
using ActionCounts = ByAction<std::int64_t>;

struct MachineAction {
  const char* path;  ///< "rf.filter.read"
  double Energies::*energy;
  std::int64_t ActionCounts::*count;
  Energy EnergyBreakdown::*part;  ///< of the breakdown that it belongs to
};
/// Every action once: the one list that energies, exports and listings follow.
[[nodiscard]] constexpr auto machine_actions() {
  using E = Energies;
  using N = ActionCounts;
  using B = EnergyBreakdown;
  return std::array<MachineAction, 24>{
      {{"mac.random", &E::mac_random, &N::mac_random, &B::mac},
       {"mac.reused", &E::mac_reused, &N::mac_reused, &B::mac},
       {"mac.gated", &E::mac_gated, &N::mac_gated, &B::mac},
       {"rf.ifmap.read", &E::rf_ifmap_read, &N::rf_ifmap_read, &B::rf},
       {"rf.ifmap.write", &E::rf_ifmap_write, &N::rf_ifmap_write, &B::rf},
       {"rf.filter.read", &E::rf_filter_read, &N::rf_filter_read, &B::rf},
       {"rf.filter.write", &E::rf_filter_write, &N::rf_filter_write, &B::rf},
       {"rf.psum.read", &E::rf_psum_read, &N::rf_psum_read, &B::rf},
       {"rf.psum.write", &E::rf_psum_write, &N::rf_psum_write, &B::rf},
       {"noc.ifmap", &E::noc_ifmap, &N::noc_ifmap, &B::noc},
       {"noc.filter", &E::noc_filter, &N::noc_filter, &B::noc},
       {"noc.psum", &E::noc_psum, &N::noc_psum, &B::noc},
       {"glb.ifmap.read", &E::glb_ifmap_read, &N::glb_ifmap_read, &B::glb},
       {"glb.ifmap.write", &E::glb_ifmap_write, &N::glb_ifmap_write, &B::glb},
       {"glb.filter.read", &E::glb_filter_read, &N::glb_filter_read, &B::glb},
       {"glb.filter.write", &E::glb_filter_write, &N::glb_filter_write, &B::glb},
       {"glb.psum.read", &E::glb_psum_read, &N::glb_psum_read, &B::glb},
       {"glb.psum.write", &E::glb_psum_write, &N::glb_psum_write, &B::glb},
       {"glb.ofmap.read", &E::glb_ofmap_read, &N::glb_ofmap_read, &B::glb},
       {"glb.ofmap.write", &E::glb_ofmap_write, &N::glb_ofmap_write, &B::glb},
       {"dram.read", &E::dram_read, &N::dram_read, &B::dram},
       {"dram.write", &E::dram_write, &N::dram_write, &B::dram},
       {"vector", &E::vector, &N::vector, &B::vector},
       {"leakage", &E::leakage, &N::leakage, &B::leakage}}};
}

/// Resolves the architecture's energy table for its buffer sizes and the widths of its words.
///
/// Sizes that curves are read at: the global buffer's, all banks together (the filters' own one for
/// "glb.filter", if there is one); in the register files the words of that operand in a PE. Widths
/// that energies per bit are multiplied by: a word of the precision; for psums a word in the
/// buffer; for ofmap words one of the output's precision. The other operand of an addition counts
/// as an ifmap word, and is taken to be as wide: a run of several precisions that adds a map of
/// another width is that much off, with tables that go by bits.
[[nodiscard]] Energies energies_of(const Architecture& arch, const LayerPrecision& precision);

/// Of the MACs, `gated` are gated; those of them that would have been reused are taken to be as
/// large a part as of all MACs.
[[nodiscard]] ActionCounts actions_of(const AccessCounts& counts, std::int64_t gated,
                                      Cycles cycles);

[[nodiscard]] EnergyBreakdown energy_of(const ActionCounts& counts, const Energies& energies);
/// With no MAC gated: the same to the bit, written out, as the search wants it of every mapping.
[[nodiscard]] EnergyBreakdown energy_of(const AccessCounts& counts, Cycles cycles,
                                        const Energies& energies);

}  // namespace ridgeline
