#include "sim/hw/trace_notes.hpp"

#include <algorithm>
#include <string_view>

namespace ridgeline::sim {
namespace {

/// Order of a tile's categories: it waits for its operands, then for a psum half, then come its
/// passes. The last results of a layer are first with the vector unit, then with the store DMA.
constexpr std::array<Cycles CycleBreakdown::*, 6> kTileOrder{
    &CycleBreakdown::dram_stall, &CycleBreakdown::vector_stall, &CycleBreakdown::stationary_load,
    &CycleBreakdown::compute,    &CycleBreakdown::glb_stall,    &CycleBreakdown::fill_drain};
constexpr std::array<Cycles CycleBreakdown::*, 6> kTailOrder{
    &CycleBreakdown::fill_drain, &CycleBreakdown::stationary_load, &CycleBreakdown::compute,
    &CycleBreakdown::glb_stall,  &CycleBreakdown::vector_stall,    &CycleBreakdown::dram_stall};

const char* category_name(Cycles CycleBreakdown::*member) {
  static constexpr auto kFields = CycleBreakdown::fields();
  return std::ranges::find(kFields, member, [](const auto& field) { return field.member; })->name;
}

}  // namespace

void TraceNotes::carried(Track dma, int tile, const char* what, Cycles asked, Cycles begin,
                         Cycles end, std::int64_t words) const {
  if (to_ == nullptr) return;
  extend_or_add({Track::dram_bus, what, 0, 0, tile, begin, end, words});
  // The DMA may wait for a half between two requests of a tile; it is still busy with that tile.
  TraceSlice busy{dma, "tile", 0, 0, tile, asked, end, words};
  const TraceSlice* const before = last_on(dma);
  if (before != nullptr && before->tile == tile) busy.begin = before->end;
  extend_or_add(busy);
}

TraceSlice* TraceNotes::last_on(Track track) const {
  const auto found = std::find_if(to_->slices.rbegin(), to_->slices.rend(),
                                  [&](const TraceSlice& slice) { return slice.track == track; });
  return found == to_->slices.rend() ? nullptr : &*found;
}

void TraceNotes::extend_or_add(const TraceSlice& slice) const {
  TraceSlice* const before = last_on(slice.track);
  const bool goes_on = before != nullptr && before->tile == slice.tile &&
                       before->what == slice.what && before->end == slice.begin;
  if (!goes_on) return add(slice);
  before->end = slice.end;
  before->words += slice.words;
}

void TraceNotes::filled(Track half, int tile, Cycles at) const {
  if (to_ == nullptr) return;
  auto& use = to_->in_use[static_cast<std::size_t>(half)];
  if (!use) use = TraceSlice{.track = half, .what = "tile", .tile = tile, .begin = at, .end = at};
  use->begin = std::max(use->begin, at);
}

void TraceNotes::given_back(Track half, Cycles at) const {
  if (to_ == nullptr) return;
  auto& use = to_->in_use[static_cast<std::size_t>(half)];
  if (!use) return;
  use->end = at;
  add(*use);
  use.reset();
}

void TraceNotes::accounted(std::optional<int> tile, Cycles until,
                           const CycleBreakdown& cycles) const {
  if (to_ == nullptr) return;
  Cycles at = until - (cycles.total() - to_->accounted.total());
  if (tile) add({Track::pe_array, "tile", 1, 0, tile, at, until, 0});
  for (const auto member : tile ? kTileOrder : kTailOrder) {
    const Cycles spent = cycles.*member - to_->accounted.*member;
    add({Track::pe_array, category_name(member), 2, 0, tile, at, at + spent, 0});
    at += spent;
  }
  to_->accounted = cycles;
}

void TraceNotes::finished(Cycles until, const CycleBreakdown& cycles) const {
  if (to_ == nullptr) return;
  accounted({}, until, cycles);
  add({Track::pe_array, "layer", 0, 0, {}, until - cycles.total(), until, 0});
}

}  // namespace ridgeline::sim
