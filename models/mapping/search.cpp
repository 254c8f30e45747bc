#include "models/mapping/search.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "models/cost/analytic/timed_layer.hpp"
#include "models/cost/energies.hpp"
#include "models/cost/roofline.hpp"
#include "models/mapping/buffer_plan.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/search_space.hpp"

namespace ridgeline {
namespace {

/// Better scores come first; among equals, what was tried first.
struct Rank {
  Score score{};
  std::size_t number = 0;
  auto operator<=>(const Rank&) const = default;
};

/// What has been tried, and as much of its cost as ranking needs: thousands of them are kept, and
/// the memory that they take is part of the search's time.
struct Candidate {
  Mapping mapping;
  double energy = 0;          ///< but for leakage, which depends on the cycles
  double work = 0, dram = 0;  ///< cycles: the highest roof but DRAM's, and DRAM's
};

struct Ranked {
  FoundMapping found;
  Rank rank;
};

/// Whether psums that stay in the PEs would have to make room for others half way.
bool psums_must_leave(const Architecture& arch, const LoweredLayer& layer, const Mapping& mapping) {
  const TileExtent& t = mapping.tile;
  if (mapping.dataflow == nullptr || !mapping.dataflow->psums_stay_in_pes ||
      t.C == layer.shape.C_per_group()) {
    return false;
  }
  const Tile tile{
      .n = {0, t.N}, .g = {0, t.G}, .m = {0, t.M}, .c = {0, t.C}, .p = {0, t.P}, .q = {0, t.Q}};
  const PassExtent pass = mapping.dataflow->pass_extent(arch.pe_array, layer.shape, t);
  return PassSequence(layer.shape, pass, tile).size() > 1;
}

/// What stays in the buffer lies there without its padding.
bool reads_ifmap(const Dataflow* dataflow, const Residency& residency) {
  return !residency.ifmap || dataflow == nullptr || !dataflow->buffer_holds_padding;
}
constexpr const char* kNoIfmap = "its dataflow reads no ifmap that stays in the buffer";

class Search {
 public:
  Search(const Architecture& arch, const MappingRequest& request)
      : arch_(arch),
        request_(request),
        tensors_(plain_tensors(request.layer)),
        energies_(energies_of(arch, request.precision)) {}

  FoundMappings run() {
    const SearchSpace space(arch_, request_.layer, request_.precision);
    const auto fits = [&](const Mapping& mapping) { return try_mapping(mapping); };
    if (runs_on_array(request_.layer.kind)) {
      for (const Dataflow* dataflow : request_.dataflows) {
        if (reads_ifmap(dataflow, request_.residency)) space.visit_array(*dataflow, fits);
      }
    } else {
      space.visit_vector(fits);
    }
    FoundMappings result{.tried = static_cast<std::int64_t>(candidates_.size())};
    time_best();
    for (Ranked& ranked : best_) result.best.push_back(std::move(ranked.found));
    if (!best_.empty()) return result;
    result.shortage =
        smallest_ ? "its smallest tile " + shortage(*smallest_, arch_.global_buffer) : kNoIfmap;
    return result;
  }

 private:
  /// Whether it fits.
  bool try_mapping(const Mapping& mapping) {
    if (psums_must_leave(arch_, request_.layer, mapping)) return false;
    const BufferPlan plan =
        buffer_plan(arch_, request_.layer, request_.precision, mapping, request_.residency);
    if (!smallest_ || plan.global < smallest_->global) smallest_ = plan;
    if (!plan.fits(arch_.global_buffer)) return false;
    const LayerCost cost = analytic::layer_counts(question(mapping), memory_);
    const Roofs roofs = roofs_of(cost.counts, cost.ports, cost.dram_read + cost.dram_write, arch_);
    candidates_.push_back(
        {.mapping = mapping,
         .energy = energy_of(cost.counts, Cycles(0), energies_).total().count(),
         .work = std::max({roofs.compute, roofs.glb, static_cast<double>(cost.compute.count())}),
         .dram = roofs.dram});
    const Candidate& tried = candidates_.back();
    ranks_.push_back({score_of(tried, least_cycles(tried, Cycles(0))), ranks_.size()});
    return true;
  }

  /// Times those that may be among the best, most promising first.
  void time_best() {
    std::ranges::sort(ranks_);
    for (Rank& rank : ranks_) {
      if (!may_be_kept(rank)) return;
      const Candidate& candidate = candidates_[rank.number];
      const LayerQuestion asked = question(candidate.mapping);
      rank.score = score_of(candidate, least_cycles(candidate, least_first_load(asked)));
      if (!may_be_kept(rank)) continue;
      const analytic::TimedLayer timed(asked, memory_);
      rank.score = score_of(candidate, timed.least());
      if (!may_be_kept(rank)) continue;
      const CycleBreakdown cycles = timed.alone();
      rank.score = score_of(candidate, cycles.total());
      if (!may_be_kept(rank)) continue;
      FoundMapping found{candidate.mapping, analytic::layer_counts(asked, memory_)};
      found.cost.cycles = cycles;
      keep({std::move(found), rank});
    }
  }

  [[nodiscard]] LayerQuestion question(const Mapping& mapping) const {
    return {arch_,    request_.layer, request_.precision, mapping,
            tensors_, no_zeros_,      request_.residency};
  }

  [[nodiscard]] bool may_be_kept(const Rank& least) const {
    return best_.size() < request_.keep || least < best_.back().rank;
  }

  /// No run is faster than its roofs, and all but the bus wait for the first load.
  [[nodiscard]] static Cycles least_cycles(const Candidate& candidate, Cycles first_load) {
    return std::max(first_load + Cycles(static_cast<std::int64_t>(candidate.work)),
                    Cycles(static_cast<std::int64_t>(candidate.dram)));
  }

  void keep(Ranked ranked) {
    best_.insert(std::ranges::upper_bound(best_, ranked.rank, {}, &Ranked::rank),
                 std::move(ranked));
    if (best_.size() > request_.keep) best_.pop_back();
  }

  [[nodiscard]] Score score_of(const Candidate& candidate, Cycles latency) const {
    const auto cycles = static_cast<double>(latency.count());
    const double energy = candidate.energy + cycles * energies_.leakage;
    const std::int64_t traffic =
        request_.objective == Objective::traffic
            ? dense_traffic(request_.layer, candidate.mapping, request_.residency)
            : 0;
    return score_by(request_.objective, cycles, energy, static_cast<double>(traffic));
  }

  const Architecture& arch_;
  const MappingRequest& request_;
  const LayerTensors tensors_;
  const Energies energies_;
  const ZeroWeights no_zeros_;
  analytic::LayerMemory memory_;
  std::vector<Candidate> candidates_;
  std::vector<Rank> ranks_;   // of the candidates: before they are timed, the best they may have
  std::vector<Ranked> best_;  // the best first
  std::optional<BufferPlan> smallest_;
};

}  // namespace

Score score_by(Objective objective, double cycles, double energy, double traffic) {
  switch (objective) {
    case Objective::latency:
      return {cycles, energy};
    case Objective::energy:
      return {energy, cycles};
    case Objective::edp:
      return {energy * cycles, cycles};
    case Objective::traffic:
      break;
  }
  return {traffic, cycles};
}

bool mapped_alike(const LoweredLayer& a, const LoweredLayer& b) {
  return a.kind == b.kind && a.shape == b.shape && a.output_shape == b.output_shape &&
         a.residual.has_value() == b.residual.has_value();
}

FoundMappings search_mappings(const Architecture& arch, const MappingRequest& request) {
  return Search(arch, request).run();
}

std::string why_not(const Architecture& arch, const LoweredLayer& layer,
                    const LayerPrecision& precision, const Mapping& mapping,
                    const Residency& residency) {
  if (!reads_ifmap(mapping.dataflow, residency)) return kNoIfmap;
  if (psums_must_leave(arch, layer, mapping)) {
    return "a tile that does not hold every C must be a single pass, as psums stay in the PEs";
  }
  const BufferPlan plan = buffer_plan(arch, layer, precision, mapping, residency);
  if (!plan.fits(arch.global_buffer)) return "its tile " + shortage(plan, arch.global_buffer);
  const bool any = mapping.dataflow == nullptr || mapping.dataflow->cannot_run == nullptr;
  return any ? "" : mapping.dataflow->cannot_run(arch, layer, precision, mapping.tile);
}

}  // namespace ridgeline
