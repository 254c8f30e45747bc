#include "models/network/lowering.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "tests/fuzz/target.hpp"

void ridgeline::fuzzing::fuzz(const SourceText& source) {
  const TrainedNetwork trained = parse_onnx(source);
  require(trained.weights.size() == trained.network.nodes.size());
  require(!lower(trained.network).tensors.empty());
}
