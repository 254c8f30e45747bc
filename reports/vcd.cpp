#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "reports/format.hpp"
#include "reports/report.hpp"

/// Value change dump (IEEE Std 1364-2005, clause 18), as GTKWave opens it: one nanosecond is one
/// cycle, whatever the clock. Each unit and each half of the buffer is a scope with the number of
/// the layer and of the tile that it works on or holds, high impedance while idle; the array also
/// says what it does, and the bus what it carries, as a number that the comment explains. It has
/// no date, so that the same run gives the same bytes.
namespace ridgeline::reports {
namespace {

/// What the array does and the bus carries: the number of a value is its place here.
constexpr std::array<std::string_view, 10> kStates{
    "compute",      "fill_drain", "stationary_load", "glb_stall", "dram_stall",
    "vector_stall", "ifmap",      "filter",          "residual",  "ofmap"};

struct Signal {
  Track track;
  const char* name;
  int bits;
  std::string id;  ///< as the dump's lines name it
};

/// A signal's value, by the index of the signal; none is idle.
using Changes = std::map<std::size_t, std::optional<std::size_t>>;

std::vector<Signal> all_signals() {
  std::vector<Signal> signals;
  const auto put = [&](Track track, const char* name, int bits) {
    constexpr std::string_view kIds = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    signals.push_back({track, name, bits, std::string(1, kIds.at(signals.size()))});
  };
  for (const Track track : all_tracks()) {
    put(track, "layer", 32);
    put(track, "tile", 32);
    if (track == Track::pe_array || track == Track::dram_bus) put(track, "state", 4);
  }
  return signals;
}

std::optional<std::size_t> state_of(const TraceSlice& slice) {
  const auto found = std::ranges::find(kStates, slice.what);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kStates.begin());
}

/// What the slice says about a signal of its track, if anything.
std::optional<std::size_t> value_of(const TraceSlice& slice, const Signal& signal) {
  const std::string_view name = signal.name;
  if (name == "state") return state_of(slice);
  if (name == "layer") return slice.depth == 0 ? std::optional(slice.layer) : std::nullopt;
  // The array's tiles say so themselves; a category may belong to none.
  const bool says_tile = slice.track != Track::pe_array || slice.what == "tile";
  if (!says_tile || !slice.tile) return std::nullopt;
  return static_cast<std::size_t>(*slice.tile);
}

/// Every change in order of time. Ends come first: a slice that begins at that moment wins.
std::map<Cycles, Changes> changes_of(const Trace& trace, const std::vector<Signal>& signals) {
  std::map<Cycles, Changes> changes;
  for (const bool begins : {false, true}) {
    for (const TraceSlice& slice : trace.slices) {
      for (std::size_t i = 0; i < signals.size(); ++i) {
        if (signals[i].track != slice.track) continue;
        const auto value = value_of(slice, signals[i]);
        if (!value) continue;
        if (begins) {
          changes[slice.begin][i] = value;
        } else {
          changes[slice.end][i] = std::nullopt;
        }
      }
    }
  }
  return changes;
}

std::string line_of(const Signal& signal, std::optional<std::size_t> value) {
  return value ? fmt::format("b{:b} {}\n", *value, signal.id) : fmt::format("bz {}\n", signal.id);
}

/// A name inside a comment, which "$end" would close.
std::string comment_name(std::string_view name) {
  std::string text = printable(name);
  std::ranges::replace(text, '$', '_');
  return text;
}

std::string header_of(const RunStats& run) {
  std::string text = fmt::format(
      "$comment\n  Ridgeline: {} on {}\n  1 ns is 1 cycle of the machine, which runs at {:.6g} "
      "MHz\n  state: ",
      comment_name(run.network), comment_name(run.arch.name), run.arch.clock.count() / 1e6);
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", i, kStates[i]);
  }
  text += "\n  layers:\n";
  for (std::size_t i = 0; i < run.trace.layers.size(); ++i) {
    text += fmt::format("    {} {}\n", i, comment_name(run.trace.layers[i].name));
  }
  return text + "$end\n$version Ridgeline $end\n$timescale 1 ns $end\n";
}

std::string declarations_of(const std::vector<Signal>& signals) {
  std::string text = "$scope module ridgeline $end\n";
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const Signal& signal = signals[i];
    if (i == 0 || signals[i - 1].track != signal.track) {
      text += fmt::format("$scope module {} $end\n", track_name(signal.track));
    }
    text += fmt::format("$var wire {0} {1} {2} [{3}:0] $end\n", signal.bits, signal.id, signal.name,
                        signal.bits - 1);
    if (i + 1 == signals.size() || signals[i + 1].track != signal.track) text += "$upscope $end\n";
  }
  return text + "$upscope $end\n$enddefinitions $end\n";
}

}  // namespace

std::string render_vcd(const RunStats& run) {
  const std::vector<Signal> signals = all_signals();
  std::string text = header_of(run) + declarations_of(signals);
  std::map<Cycles, Changes> changes = changes_of(run.trace, signals);
  std::vector<std::optional<std::size_t>> current(signals.size());
  text += "#0\n$dumpvars\n";
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const auto first = changes[Cycles(0)].find(i);
    if (first != changes[Cycles(0)].end()) current[i] = first->second;
    text += line_of(signals[i], current[i]);
  }
  text += "$end\n";
  changes.erase(Cycles(0));
  for (const auto& [time, changed] : changes) {
    std::string lines;
    for (const auto& [i, value] : changed) {
      if (current[i] == value) continue;
      current[i] = value;
      lines += line_of(signals[i], value);
    }
    if (!lines.empty()) text += fmt::format("#{}\n", time.count()) + lines;
  }
  return text;
}

}  // namespace ridgeline::reports
