#pragma once

#include "models/network/onnx/node_import.hpp"

namespace ridgeline::onnx_import {

/// The average pool of input 0 that the node's attributes describe.
[[nodiscard]] Activation average_pool(NodeImport& node);
/// A pool over all of H and W of input 0.
[[nodiscard]] Activation global_pool(NodeImport& node, PoolKind kind);

}  // namespace ridgeline::onnx_import
