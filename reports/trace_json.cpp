#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/report.hpp"

/// Chrome's trace-event format (JSON object form; "Trace Event Format", Google, 2016), as Perfetto
/// and chrome://tracing open it. The format counts in microseconds: one of them is one cycle here.
/// One complete event ("ph":"X") a slice and one line an event.
namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kUnits = 1;   ///< process id that groups the units
constexpr int kBuffer = 2;  ///< and the one of the buffer's halves

int process_of(Track track) {
  return is_buffer_half(track) ? kBuffer : kUnits;
}

/// Viewers take thread 0 for an idle one, and a thread numbered as its process for the main one.
int thread_of(Track track) {
  constexpr int kFirst = 10;
  return kFirst + static_cast<int>(track);
}

std::string line_of(const Json& event) {
  return event.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json metadata(int process, int thread, const char* what, Json value) {
  const char* const key = std::string_view(what).ends_with("sort_index") ? "sort_index" : "name";
  return {{"name", what}, {"ph", "M"}, {"pid", process}, {"tid", thread}, {"args", {{key, value}}}};
}

/// "global buffer", "PE array", "ifmap half 0", ...
std::string title_of(Track track) {
  switch (track) {
    case Track::load_dma:
      return "load DMA";
    case Track::dram_bus:
      return "DRAM bus";
    case Track::pe_array:
      return "PE array";
    case Track::vector_unit:
      return "vector unit";
    case Track::store_dma:
      return "store DMA";
    default:
      break;
  }
  std::string title(track_name(track));
  title.replace(title.find('_'), 1, " half ");
  return title;
}

void put_names(std::vector<std::string>& lines) {
  lines.push_back(line_of(metadata(kUnits, thread_of(Track::load_dma), "process_name", "units")));
  lines.push_back(
      line_of(metadata(kBuffer, thread_of(Track::ifmap_0), "process_name", "global buffer")));
  for (const Track track : all_tracks()) {
    const int thread = thread_of(track);
    lines.push_back(line_of(metadata(process_of(track), thread, "thread_name", title_of(track))));
    lines.push_back(line_of(metadata(process_of(track), thread, "thread_sort_index", thread)));
  }
}

Json range_json(Range range) {
  return {range.begin, range.end};
}

std::string tile_name(const Trace& trace, const TraceSlice& slice) {
  return fmt::format("{} #{}", trace.layers[slice.layer].name, slice.tile.value_or(0));
}

/// A layer is named by its name, a tile by its layer and number, the rest by what it is.
std::string name_of(const Trace& trace, const TraceSlice& slice) {
  if (slice.what == "layer") return trace.layers[slice.layer].name;
  return slice.what == "tile" ? tile_name(trace, slice) : slice.what;
}

/// The ranges of a tile stand at the array's slice of it alone: a network has thousands of tiles,
/// and the other tracks name the tile.
Json args_of(const Trace& trace, const TraceSlice& slice) {
  Json args = Json::object();
  if (slice.words > 0) args["words"] = slice.words;
  if (slice.track != Track::pe_array || slice.depth != 1 || !slice.tile) return args;
  const Tile& tile = trace.layers[slice.layer].tiles[static_cast<std::size_t>(*slice.tile)];
  if (tile.g != Range{0, 1}) args["g"] = range_json(tile.g);
  args["m"] = range_json(tile.m);
  args["c"] = range_json(tile.c);
  args["p"] = range_json(tile.p);
  args["q"] = range_json(tile.q);
  return args;
}

std::string event_line(const Trace& trace, const TraceSlice& slice) {
  Json event{{"name", name_of(trace, slice)},  {"ph", "X"},
             {"ts", slice.begin.count()},      {"dur", (slice.end - slice.begin).count()},
             {"pid", process_of(slice.track)}, {"tid", thread_of(slice.track)}};
  Json args = args_of(trace, slice);
  if (!args.empty()) event["args"] = std::move(args);
  return line_of(event);
}

Json about(const RunStats& run) {
  return {{"time_unit", "1 us in this file is 1 cycle of the machine"},
          {"clock_mhz", run.arch.clock.count() / 1e6},
          {"cycles", run.trace.end().count()},
          {"ranges", "[begin, end), m and c within a group"},
          {"network", run.network},
          {"arch", run.arch.name},
          {"precision", precision_name(run.precision)},
          {"engine", run.engine}};
}

}  // namespace

std::string render_trace(const RunStats& run) {
  std::vector<std::string> lines;
  put_names(lines);
  for (const TraceSlice& slice : run.trace.slices) lines.push_back(event_line(run.trace, slice));
  std::string text =
      "{\"displayTimeUnit\":\"ms\",\n\"otherData\":" + line_of(about(run)) + ",\n\"traceEvents\":[";
  const char* separator = "\n";
  for (const std::string& line : lines) {
    text += separator;
    text += line;
    separator = ",\n";
  }
  return text + "\n]}\n";
}

}  // namespace ridgeline::reports
