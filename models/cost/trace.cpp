#include "models/cost/trace.hpp"

#include <algorithm>
#include <tuple>

namespace ridgeline {
namespace {

constexpr std::array<std::string_view, kTracks> kNames{
    "load_dma",   "dram_bus",   "pe_array",   "vector_unit", "store_dma", "ifmap_0",  "ifmap_1",
    "ifmap_2",    "ifmap_3",    "filter_0",   "filter_1",    "filter_2",  "filter_3", "residual_0",
    "residual_1", "residual_2", "residual_3", "psum_0",      "psum_1",    "psum_2",   "psum_3"};

}  // namespace

std::array<Track, kTracks> all_tracks() {
  std::array<Track, kTracks> tracks{};
  for (std::size_t i = 0; i < kTracks; ++i) tracks[i] = static_cast<Track>(i);
  return tracks;
}

std::string_view track_name(Track track) {
  return kNames[static_cast<std::size_t>(track)];
}

bool is_buffer_half(Track track) {
  return track >= Track::ifmap_0;
}

Cycles Trace::end() const {
  Cycles last;
  for (const TraceSlice& slice : slices) last = std::max(last, slice.end);
  return last;
}

void arrange(Trace& trace) {
  if (trace.empty()) return;
  const auto place = [](const TraceSlice& s) { return std::tuple(s.track, s.begin, s.depth); };
  std::ranges::stable_sort(trace.slices, {}, place);
  const Cycles origin = std::ranges::min_element(trace.slices, {}, &TraceSlice::begin)->begin;
  for (TraceSlice& slice : trace.slices) {
    slice.begin -= origin;
    slice.end -= origin;
  }
}

}  // namespace ridgeline
