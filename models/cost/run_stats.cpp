#include "models/cost/run_stats.hpp"

#include <algorithm>
#include <utility>

#include "models/cost/energies.hpp"
#include "models/cost/roofline.hpp"

namespace ridgeline {
namespace {

template <class Struct>
void add_fields(Struct& sum, const Struct& other) {
  constexpr auto fields = Struct::fields();
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    ((sum.*fields[i].member += other.*fields[i].member), ...);
  }
  (std::make_index_sequence<fields.size()>());
}

/// Williams, Waterman and Patterson, "Roofline", CACM 52(4), 2009: attainable = min(peak,
/// intensity x bandwidth), here one bandwidth for the DRAM and one for the buffer. MACs are the
/// executed ones, so that the attained rate never lies above the roof.
RooflinePoint roofline_of(const LayerStats& layer, const Architecture& arch) {
  const Roofs cycles =
      roofs_of(layer.accesses, layer.ports, layer.bytes.dram_read + layer.bytes.dram_write, arch);
  const auto macs = static_cast<double>(layer.accesses.mac);
  const TrafficBytes& bytes = layer.bytes;
  const auto dram_bytes = static_cast<double>((bytes.dram_read + bytes.dram_write).count());
  const auto glb_bytes = static_cast<double>((bytes.glb_read + bytes.glb_write).count());
  const double slowest = cycles.slowest();
  Bound bound = Bound::glb;
  if (cycles.compute >= slowest) {
    bound = Bound::compute;
  } else if (cycles.dram >= slowest) {
    bound = Bound::dram;
  }
  return {.macs_per_dram_byte = quotient(macs, dram_bytes),
          .macs_per_glb_byte = quotient(macs, glb_bytes),
          .attained_macs_per_cycle = quotient(
              macs, static_cast<double>((layer.cycles.total() + layer.overlapped).count())),
          .roof_macs_per_cycle = quotient(macs, slowest),
          .bound = bound};
}

void add_check(TensorCheck& sum, const LayerStats& layer) {
  const TensorCheck& check = layer.check;
  if (sum.first_mismatch.empty() && !check.passed()) {
    sum.first_mismatch = layer.name + ": " + check.first_mismatch;
  }
  sum.compared += check.compared;
  sum.mismatches += check.mismatches;
  sum.max_abs_error = std::max(sum.max_abs_error, check.max_abs_error);
}

}  // namespace

Cycles CycleBreakdown::total() const {
  Cycles sum;
  for (const auto& field : fields()) sum += this->*field.member;
  return sum;
}

CycleBreakdown& CycleBreakdown::operator+=(const CycleBreakdown& other) {
  add_fields(*this, other);
  return *this;
}

AccessCounts& AccessCounts::operator+=(const AccessCounts& other) {
  add_fields(*this, other);
  return *this;
}

PortWords& PortWords::operator+=(const PortWords& other) {
  add_fields(*this, other);
  return *this;
}

TrafficBytes& TrafficBytes::operator+=(const TrafficBytes& other) {
  add_fields(*this, other);
  return *this;
}

CompulsoryTraffic& CompulsoryTraffic::operator+=(const CompulsoryTraffic& other) {
  dram += other.dram;
  ports += other.ports;
  return *this;
}

Energy EnergyBreakdown::total() const {
  Energy sum;
  for (const auto& field : fields()) sum += this->*field.member;
  return sum;
}

EnergyBreakdown& EnergyBreakdown::operator+=(const EnergyBreakdown& other) {
  add_fields(*this, other);
  return *this;
}

std::string_view bound_name(Bound bound) {
  switch (bound) {
    case Bound::compute:
      return "compute";
    case Bound::dram:
      return "dram";
    case Bound::glb:
      return "glb";
  }
  return "";
}

void derive(LayerStats& layer, const Architecture& arch) {
  const Cycles cycles = layer.cycles.total();
  layer.macs_skipped = layer.macs - Macs(layer.accesses.mac);
  layer.energy = energy_of(actions_of(layer.accesses, layer.sparsity.macs_gated, cycles),
                           energies_of(arch, layer.precision));
  layer.utilization = quotient(static_cast<double>(layer.accesses.mac),
                               static_cast<double>(cycles.count()) * arch.pes());
  layer.roofline = roofline_of(layer, arch);
}

LayerStats total_of(const RunStats& run) {
  LayerStats total;
  total.name = "total";
  EnergyBreakdown energy;
  for (const LayerStats& layer : run.layers) {
    total.macs += layer.macs;
    total.parameters += layer.parameters;
    total.cycles += layer.cycles;
    total.accesses += layer.accesses;
    total.ports += layer.ports;
    total.bytes += layer.bytes;
    total.compulsory += layer.compulsory;
    total.sparsity += layer.sparsity;
    energy += layer.energy;
    add_check(total.check, layer);
  }
  derive(total, run.arch);
  for (const LayerStats& layer : run.layers) total.overlapped += layer.overlapped;
  total.energy = energy;
  return total;
}

}  // namespace ridgeline
