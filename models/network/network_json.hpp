#pragma once

#include <string>

#include "models/base/source_text.hpp"
#include "models/network/network.hpp"

/// Networks as JSON, schema ridgeline.network/1 (arch_configs/schema/network.schema.json):
///
///   {"schema": "ridgeline.network/1", "name": "tiny", "input": [1, 3, 32, 32],
///    "preprocessing": {"channels": "bgr", "mean": [104, 117, 123]},
///    "nodes": [{"name": "data", "op": "input"},
///              {"name": "conv1", "op": "conv", "inputs": ["data"], "filters": 8,
///               "kernel": [3, 3], "pad": [1, 1, 1, 1]},
///              {"name": "relu1", "op": "relu", "inputs": ["conv1"]}]}
///
/// Nodes stand in topological order; the last is the output. What can be worked out (output shapes,
/// MACs, weights, biases, the window of a global pool) may be left out; where it is given it must
/// be right.
namespace ridgeline {

/// Reads strictly. @throws InputError, with file and JSON pointer, for unknown, missing and double
/// keys, wrong types, values out of range, nodes that read what is no earlier node, and whatever
/// NetworkBuilder refuses.
[[nodiscard]] Network parse_network(const SourceText& source);

/// Everything written out; parse_network gives the same network back.
[[nodiscard]] std::string to_json_text(const Network& network);

}  // namespace ridgeline
