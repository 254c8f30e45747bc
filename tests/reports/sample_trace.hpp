#pragma once

#include "tests/reports/sample_run.hpp"

/// A trace made by hand for the run of sample_run.hpp: two tiles of a convolution and one of a
/// pool, in a tenth of the run's cycles.
namespace ridgeline {

inline Trace sample_trace() {
  const auto slice = [](Track track, const char* what, int depth, std::size_t layer,
                        std::optional<int> tile, int begin, int end, int words = 0) {
    return TraceSlice{track, what, depth, layer, tile, Cycles(begin), Cycles(end), words};
  };
  const Range all_c{0, 3};
  const Range rows{0, 10};
  Trace trace;
  trace.layers = {{"conv1",
                   {{.g = {0, 1}, .m = {0, 4}, .c = all_c, .p = rows, .q = rows},
                    {.g = {0, 1}, .m = {4, 8}, .c = all_c, .p = rows, .q = rows}}},
                  {"pool1", {{.g = {0, 1}, .m = {0, 8}, .c = {0, 1}, .p = {0, 5}, .q = {0, 4}}}}};
  trace.slices = {slice(Track::pe_array, "layer", 0, 0, {}, 1000, 1110),
                  slice(Track::pe_array, "tile", 1, 0, 0, 1000, 1050),
                  slice(Track::pe_array, "dram_stall", 2, 0, 0, 1000, 1010),
                  slice(Track::pe_array, "compute", 2, 0, 0, 1010, 1050),
                  slice(Track::pe_array, "tile", 1, 0, 1, 1050, 1100),
                  slice(Track::pe_array, "compute", 2, 0, 1, 1050, 1100),
                  slice(Track::pe_array, "vector_stall", 2, 0, {}, 1100, 1110),
                  slice(Track::pe_array, "layer", 0, 1, {}, 1110, 1130),
                  slice(Track::pe_array, "tile", 1, 1, 0, 1110, 1130),
                  slice(Track::pe_array, "vector_stall", 2, 1, 0, 1110, 1130),
                  slice(Track::load_dma, "tile", 0, 0, 0, 1000, 1008, 64),
                  slice(Track::dram_bus, "ifmap", 0, 0, 0, 1000, 1006, 48),
                  slice(Track::dram_bus, "filter", 0, 0, 0, 1006, 1008, 16),
                  slice(Track::ifmap_0, "tile", 0, 0, 0, 1010, 1100)};
  arrange(trace);
  return trace;
}

inline RunStats traced_sample_run() {
  RunStats run = sample_run();
  run.trace = sample_trace();
  return run;
}

}  // namespace ridgeline
