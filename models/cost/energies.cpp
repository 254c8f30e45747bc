#include "models/cost/energies.hpp"

#include <algorithm>
#include <utility>

#include "models/arch/energy_table.hpp"
#include "models/mapping/buffer_plan.hpp"

namespace ridgeline {
namespace {

/// What a form may be multiplied by.
struct Circumstances {
  Precision precision;
  double bits = 0;  ///< of the word
  Bytes size{0};    ///< of the memory
  Hertz clock{0};
};

struct Resolver {
  const Circumstances& at;

  double operator()(const PerAction& form) const { return form.energy; }
  double operator()(const PerBit& form) const { return form.energy * at.bits; }
  double operator()(const PerBitAndMillimetre& form) const {
    return form.energy * form.mm * at.bits;
  }
  double operator()(const ByPrecision& form) const { return form.of(at.precision); }
  double operator()(const SizeCurve& form) const { return form.per_bit(at.size) * at.bits; }
  /// 1 mW = 1e9 pJ/s.
  double operator()(const Milliwatts& form) const { return form.power * 1e9 / at.clock.count(); }
};

double resolve(const EnergyTable& table, std::string_view action, double plain,
               const Circumstances& at) {
  const EnergyEntry* entry = entry_for(table, action);
  return entry == nullptr ? plain : std::visit(Resolver{at}, entry->form);
}

double bits_of(Precision precision) {
  return static_cast<double>(word_bytes(precision).count() * 8);
}

}  // namespace

Energies energies_of(const Architecture& arch, const LayerPrecision& precision) {
  const EnergyTable& table = arch.energy;
  const GlobalBuffer& glb = arch.global_buffer;
  const PeArray& array = arch.pe_array;
  const double word = bits_of(precision), output = bits_of(precision.output);
  const Bytes psum_word = buffered_psum_bytes(glb, precision);
  const auto psum = static_cast<double>(psum_word.count() * 8);
  const Bytes filters = glb.filter_bytes > Bytes(0) ? glb.filter_bytes : glb.bytes;
  const auto at = [&](const char* action, double plain, double bits = 0, Bytes size = Bytes(0)) {
    return resolve(table, action, plain, {precision, bits, size, arch.clock});
  };
  const auto rf = [&](const char* action, double bits, Bytes size) {
    return at(action, table.rf, bits, size);
  };
  const auto buffer = [&](const char* action, double bits, Bytes size) {
    return at(action, table.glb, bits, size);
  };
  const Bytes own = word_bytes(precision);
  const Bytes rf_ifmap = own * array.ifmap_words_per_pe;
  const Bytes rf_filter = own * array.filter_words_per_pe;
  const Bytes rf_psum = psum_word * array.psums_per_pe;
  Energies e;
  e.mac_random = at("mac.random", table.mac, word);
  e.mac_reused = at("mac.reused", table.mac, word);
  e.mac_gated = at("mac.gated", table.mac_gated, word);
  e.rf_ifmap_read = rf("rf.ifmap.read", word, rf_ifmap);
  e.rf_ifmap_write = rf("rf.ifmap.write", word, rf_ifmap);
  e.rf_filter_read = rf("rf.filter.read", word, rf_filter);
  e.rf_filter_write = rf("rf.filter.write", word, rf_filter);
  e.rf_psum_read = rf("rf.psum.read", psum, rf_psum);
  e.rf_psum_write = rf("rf.psum.write", psum, rf_psum);
  e.noc_ifmap = at("noc.ifmap", table.noc, word);
  e.noc_filter = at("noc.filter", table.noc, word);
  e.noc_psum = at("noc.psum", table.noc, psum);
  e.glb_ifmap_read = buffer("glb.ifmap.read", word, glb.bytes);
  e.glb_ifmap_write = buffer("glb.ifmap.write", word, glb.bytes);
  e.glb_filter_read = buffer("glb.filter.read", word, filters);
  e.glb_filter_write = buffer("glb.filter.write", word, filters);
  e.glb_psum_read = buffer("glb.psum.read", psum, glb.bytes);
  e.glb_psum_write = buffer("glb.psum.write", psum, glb.bytes);
  e.glb_ofmap_read = buffer("glb.ofmap.read", output, glb.bytes);
  e.glb_ofmap_write = buffer("glb.ofmap.write", output, glb.bytes);
  e.dram_read = at("dram.read", table.dram, word);
  e.dram_write = at("dram.write", table.dram, output);
  e.vector = at("vector", table.vector, output);
  e.leakage = at("leakage", table.leakage_per_cycle);
  return e;
}

ActionCounts actions_of(const AccessCounts& n, std::int64_t gated, Cycles cycles) {
  std::int64_t gated_reused = 0;
  if (gated > 0) {
    const std::int64_t random = n.mac - n.mac_reused;
    const double share = static_cast<double>(n.mac_reused) / static_cast<double>(n.mac);
    gated_reused =
        std::clamp(static_cast<std::int64_t>(static_cast<double>(gated) * share),
                   std::max<std::int64_t>(0, gated - random), std::min(gated, n.mac_reused));
  }
  return {.mac_random = n.mac - n.mac_reused - (gated - gated_reused),
          .mac_reused = n.mac_reused - gated_reused,
          .mac_gated = gated,
          .rf_ifmap_read = n.rf_ifmap_read,
          .rf_ifmap_write = n.rf_ifmap_write,
          .rf_filter_read = n.rf_filter_read,
          .rf_filter_write = n.rf_filter_write,
          .rf_psum_read = n.rf_psum_read,
          .rf_psum_write = n.rf_psum_write,
          .noc_ifmap = n.noc_ifmap,
          .noc_filter = n.noc_filter,
          .noc_psum = n.noc_psum,
          .glb_ifmap_read = n.glb_ifmap_read,
          .glb_ifmap_write = n.glb_ifmap_write,
          .glb_filter_read = n.glb_filter_read,
          .glb_filter_write = n.glb_filter_write,
          .glb_psum_read = n.glb_psum_read,
          .glb_psum_write = n.glb_psum_write,
          .glb_ofmap_read = n.glb_ofmap_read,
          .glb_ofmap_write = n.glb_ofmap_write,
          .dram_read = n.dram_read(),
          .dram_write = n.dram_write(),
          .vector = n.vector,
          .leakage = cycles.count()};
}

EnergyBreakdown energy_of(const ActionCounts& counts, const Energies& energies) {
  constexpr auto actions = machine_actions();
  EnergyBreakdown sum;
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    ((sum.*actions[i].part +=
      Energy(static_cast<double>(counts.*actions[i].count) * energies.*actions[i].energy)),
     ...);
  }
  (std::make_index_sequence<actions.size()>());
  return sum;
}

EnergyBreakdown energy_of(const AccessCounts& n, Cycles cycles, const Energies& e) {
  const auto cost = [](std::int64_t count, double each) {
    return static_cast<double>(count) * each;
  };
  const double mac = cost(n.mac - n.mac_reused, e.mac_random) + cost(n.mac_reused, e.mac_reused);
  const double rf =
      cost(n.rf_ifmap_read, e.rf_ifmap_read) + cost(n.rf_ifmap_write, e.rf_ifmap_write) +
      cost(n.rf_filter_read, e.rf_filter_read) + cost(n.rf_filter_write, e.rf_filter_write) +
      cost(n.rf_psum_read, e.rf_psum_read) + cost(n.rf_psum_write, e.rf_psum_write);
  const double noc = cost(n.noc_ifmap, e.noc_ifmap) + cost(n.noc_filter, e.noc_filter) +
                     cost(n.noc_psum, e.noc_psum);
  const double glb =
      cost(n.glb_ifmap_read, e.glb_ifmap_read) + cost(n.glb_ifmap_write, e.glb_ifmap_write) +
      cost(n.glb_filter_read, e.glb_filter_read) + cost(n.glb_filter_write, e.glb_filter_write) +
      cost(n.glb_psum_read, e.glb_psum_read) + cost(n.glb_psum_write, e.glb_psum_write) +
      cost(n.glb_ofmap_read, e.glb_ofmap_read) + cost(n.glb_ofmap_write, e.glb_ofmap_write);
  const double dram = cost(n.dram_read(), e.dram_read) + cost(n.dram_write(), e.dram_write);
  return {.mac = Energy(mac),
          .rf = Energy(rf),
          .noc = Energy(noc),
          .glb = Energy(glb),
          .dram = Energy(dram),
          .vector = Energy(cost(n.vector, e.vector)),
          .leakage = Energy(cost(cycles.count(), e.leakage))};
}

}  // namespace ridgeline
