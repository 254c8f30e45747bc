#include "models/cost/energy_roofline.hpp"

#include <algorithm>

namespace ridgeline {
namespace {

/// Intensity at which E/W is twice its least value, which it has where DRAM costs nothing:
/// eps_mac + eps_mem / I + pi_0 max(tau_mac, tau_mem / I) = 2 (eps_mac + pi_0 tau_mac).
double half_efficiency(const EnergyRoofline& r) {
  const double least = r.energy_per_mac + r.static_energy_per_cycle * r.cycles_per_mac;
  const double above_ridge = quotient(r.energy_per_dram_byte, least);
  if (above_ridge >= r.time_balance_macs_per_byte) return above_ridge;
  return quotient(r.energy_per_dram_byte + r.static_energy_per_cycle * r.cycles_per_dram_byte,
                  2 * least - r.energy_per_mac);
}

}  // namespace

double arch_line(const EnergyRoofline& r, double mac, double macs_per_byte) {
  if (macs_per_byte <= 0) return 0;
  const double cycles = std::max(r.cycles_per_mac, r.cycles_per_dram_byte / macs_per_byte);
  return quotient(
      1, mac + r.energy_per_dram_byte / macs_per_byte + r.static_energy_per_cycle * cycles);
}

EnergyRoofline energy_roofline_of(const LayerStats& total, const Architecture& arch) {
  const auto macs = static_cast<double>(total.accesses.mac);
  const EnergyPoint point = energy_point_of(total, 0);
  EnergyRoofline r{.unit = arch.energy.unit,
                   .energy_per_mac = quotient(point.on_chip, macs),
                   .multiplier_energy_per_mac = quotient(point.mac, macs),
                   .energy_per_dram_byte = quotient(point.dram, point.dram_bytes),
                   .static_energy_per_cycle =
                       quotient(point.leakage, static_cast<double>(total.cycles.total().count())),
                   .cycles_per_mac = 1.0 / arch.pes(),
                   .cycles_per_dram_byte = 1 / arch.dram.bytes_per_cycle};
  r.time_balance_macs_per_byte = r.cycles_per_dram_byte / r.cycles_per_mac;
  r.energy_balance_macs_per_byte = quotient(r.energy_per_dram_byte, r.energy_per_mac);
  r.effective_balance_macs_per_byte = half_efficiency(r);
  return r;
}

EnergyPoint energy_point_of(const LayerStats& layer, double roof_cycles) {
  const EnergyBreakdown& energy = layer.energy;
  const auto macs = static_cast<double>(layer.accesses.mac);
  EnergyPoint point{
      .total = energy.total().count(),
      .mac = energy.mac.count(),
      .dram = energy.dram.count(),
      .leakage = energy.leakage.count(),
      .dram_bytes = static_cast<double>((layer.bytes.dram_read + layer.bytes.dram_write).count())};
  point.on_chip = (energy.total() - energy.dram - energy.leakage).count();
  point.macs_per_energy = quotient(macs, point.total);
  const double cycles = static_cast<double>(layer.cycles.total().count());
  const double least_leakage = cycles > 0 ? point.leakage * std::min(1.0, roof_cycles / cycles) : 0;
  point.roof_macs_per_energy = quotient(macs, point.mac + point.dram + least_leakage);
  return point;
}

}  // namespace ridgeline
