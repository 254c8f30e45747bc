#pragma once

#include <string>

#include "models/cost/run_stats.hpp"

/// The roofline of energy (Choi, Bedard, Fowler and Vuduc, A Roofline Model of Energy, IPDPS 2013):
/// E = W eps_mac + Q eps_mem + pi_0 T with W MACs, Q DRAM bytes and T cycles. Time overlaps and
/// takes the slower part, energy adds up; so the roof is an arch without a corner.
///
/// The coefficients are those that the run measured, not the energy table's entries: eps_mac is all
/// dynamic energy on the chip for a MAC. Energies are in the table's unit.
namespace ridgeline {

/// Energy of a layer, or of the run, split as the model has it.
struct EnergyPoint {
  double total = 0;
  double mac = 0;      ///< of the multipliers alone
  double on_chip = 0;  ///< dynamic, multipliers included: all but DRAM and leakage
  double dram = 0;
  double leakage = 0;  ///< pi_0 T
  double dram_bytes = 0;
  double macs_per_energy = 0;  ///< attained; 0 for a layer without MACs
  /// The most that this layer's MACs and bytes allow: nothing but multipliers and DRAM, in the time
  /// of its lowest roof. Never below the attained.
  double roof_macs_per_energy = 0;
};

/// The arch line of a run.
struct EnergyRoofline {
  std::string unit{};         ///< of energy: "pJ", or "MAC" for MAC equivalents
  double energy_per_mac = 0;  ///< eps_mac: dynamic on-chip energy / MACs, of the whole run
  double multiplier_energy_per_mac = 0;  ///< the part of it that no mapping saves
  double energy_per_dram_byte = 0;       ///< eps_mem
  double static_energy_per_cycle = 0;    ///< pi_0
  double cycles_per_mac = 0;             ///< tau_mac: 1 / PEs
  double cycles_per_dram_byte = 0;       ///< tau_mem
  /// Intensity from which on time is spent on MACs: B_tau = tau_mem / tau_mac, the ridge point.
  double time_balance_macs_per_byte = 0;
  /// Intensity at which MACs and DRAM take equal energy: B_eps = eps_mem / eps_mac.
  double energy_balance_macs_per_byte = 0;
  /// Intensity at which half of the best efficiency is attained, static energy counted: where
  /// Choi's effective balance B^_eps(I) equals I. B_eps if nothing leaks.
  double effective_balance_macs_per_byte = 0;
};

/// The arch line: MACs for each unit of energy at an intensity in MACs a DRAM byte, with `mac`
/// energy for each MAC (energy_per_mac for the line of the run, multiplier_energy_per_mac for a
/// line that no layer exceeds but by gating more than the others do).
[[nodiscard]] double arch_line(const EnergyRoofline& roofline, double mac, double macs_per_byte);

[[nodiscard]] EnergyRoofline energy_roofline_of(const LayerStats& total, const Architecture& arch);
/// @param roof_cycles of the layer's lowest roof
[[nodiscard]] EnergyPoint energy_point_of(const LayerStats& layer, double roof_cycles);

}  // namespace ridgeline
