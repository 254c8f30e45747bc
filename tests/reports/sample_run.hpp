#pragma once

#include "models/cost/run_stats.hpp"

/// A run made by hand for the tests of reports: a convolution, a pool in ceil mode on the vector
/// unit, and their derived values.
namespace ridgeline {

inline Architecture sample_architecture() {
  Architecture arch;
  arch.name = "tiny";
  arch.summary = "a machine for tests";
  arch.clock = Hertz(500e6);
  arch.pe_array.rows = 4;
  arch.pe_array.cols = 8;
  arch.global_buffer.bytes = Bytes(32768);
  arch.dram.bytes_per_cycle = 8;
  arch.dataflows = {"ws", "os"};
  arch.energy.name = "normalised";
  arch.energy.unit = "MAC";
  return arch;
}

inline LayerStats sample_conv(const Architecture& arch) {
  LayerStats layer;
  layer.name = "conv1";
  layer.op = "conv";
  layer.fused = {"relu"};
  layer.dataflow = "ws";
  layer.shape = {.N = 1, .G = 1, .M = 8, .C = 3, .H = 19, .W = 19};
  layer.shape.window = {.R = 3, .S = 3, .stride = {2, 2}, .pad = {1, 0, 1, 0}};
  layer.output_shape = layer.shape.ofmap();
  layer.macs = layer.shape.macs();
  layer.parameters = 8 * 27 + 8;
  layer.cycles = {Cycles(1000), Cycles(40), Cycles(30), Cycles(20), Cycles(10), Cycles(0)};
  layer.accesses = {.mac = 19000,
                    .rf_filter_read = 40000,
                    .rf_filter_write = 20000,
                    .noc_psum = 5000,
                    .glb_ifmap_read = 3000,
                    .glb_psum_write = 2000,
                    .dram_ifmap_read = 1500,
                    .dram_ofmap_write = 720,
                    .vector = 1440};
  layer.bytes = {Bytes(1500), Bytes(720), Bytes(3000), Bytes(2000)};
  layer.check.compared = 720;
  derive(layer, arch);
  return layer;
}

inline LayerStats sample_pool(const Architecture& arch) {
  LayerStats layer;
  layer.name = "pool1";
  layer.op = "max_pool";
  layer.dataflow = "vector";
  layer.shape = {.N = 1, .G = 1, .M = 8, .C = 8, .H = 10, .W = 9};
  layer.shape.window = {.R = 3, .S = 3, .stride = {2, 2}};
  layer.output_shape = {.N = 1, .C = 8, .H = 5, .W = 4};  // ceil mode: 5, where floor gives 4
  layer.cycles.vector_stall = Cycles(200);
  layer.accesses = {.glb_ifmap_read = 720,
                    .glb_ofmap_write = 160,
                    .dram_ifmap_read = 720,
                    .dram_ofmap_write = 160,
                    .vector = 1440};
  layer.bytes = {Bytes(720), Bytes(160), Bytes(720), Bytes(160)};
  layer.check.compared = 160;
  derive(layer, arch);
  return layer;
}

inline RunStats sample_run() {
  RunStats run;
  run.engine = "simulate";
  run.arch = sample_architecture();
  run.network = "two_layers";
  run.input = {1, 3, 19, 19};
  run.network_macs = Macs(20520);
  run.network_parameters = 224;
  run.dataflow = "auto";
  run.objective = "latency";
  run.seed = 7;
  run.weights_note = "He-normal";
  run.layers = {sample_conv(run.arch), sample_pool(run.arch)};
  return run;
}

}  // namespace ridgeline
