#pragma once

#include <string>
#include <vector>

#include "models/network/lowering.hpp"
#include "models/numeric/workload.hpp"

/// Workloads of one layer, written by hand: no builder, no calibration.
namespace ridgeline::hand_made {

/// A workload whose only layer is of `kind`, with the numbers of `op`; parameters are the test's.
inline Workload one_layer(LayerKind kind, Op op, ConvShape shape, TensorShape output,
                          Precision precision) {
  Workload workload;
  workload.precision = precision;
  Network& network = workload.lowered.network;
  network.name = "hand_made";
  network.nodes = {{.name = "input", .op = InputOp{}, .inputs = {}, .shape = shape.ifmap()},
                   {.name = "layer", .op = std::move(op), .inputs = {0}, .shape = output}};
  workload.lowered.tensors = {{.name = "input", .shape = shape.ifmap(), .storage = 0, .node = 0},
                              {.name = "layer", .shape = output, .storage = 1, .node = 1}};
  workload.lowered.layers = {{.name = "layer",
                              .kind = kind,
                              .node = 1,
                              .input = 0,
                              .output = 1,
                              .pre_add_node = 1,
                              .shape = shape,
                              .output_shape = output}};
  workload.lowered.output = 1;
  workload.quantizations.resize(2);
  workload.layers.resize(1);
  return workload;
}

/// A layer of the vector unit with a 1x1 window over `shape`.
inline Workload one_vector_layer(LayerKind kind, Op op, TensorShape shape, Precision precision) {
  const ConvShape window{.N = shape.N, .M = shape.C, .C = shape.C, .H = shape.H, .W = shape.W};
  return one_layer(kind, std::move(op), window, shape, precision);
}

template <class T>
Tensor<T> tensor(TensorShape shape, std::vector<T> data) {
  Tensor<T> result(shape);
  result.data = std::move(data);
  return result;
}

}  // namespace ridgeline::hand_made
