#pragma once

#include <onnx.pb.h>

#include <string>
#include <vector>

#include "models/network/onnx/graph_import.hpp"

namespace ridgeline::onnx_import {

/// The extents that the file states of an array; -1 where it leaves one open, nothing if it states
/// none at all.
[[nodiscard]] std::optional<std::vector<std::int64_t>> stated_dims(
    const onnx::ValueInfoProto& info);

/// What the elements of the graph's input are.
/// @throws InputError unless they are float, int8 or uint8.
[[nodiscard]] ElementType input_elements(const onnx::ValueInfoProto& input,
                                         const std::string& file);

/// Extents of the graph's input. A first dimension that is open is 1.
/// @throws InputError unless it is a dense array of known extents.
[[nodiscard]] std::vector<std::int64_t> input_dims(const onnx::ValueInfoProto& input,
                                                   const std::string& file);

/// How an input of these extents may lie in the network, the likeliest first.
[[nodiscard]] std::vector<InputReading> readings_of(const std::vector<std::int64_t>& dims);

}  // namespace ridgeline::onnx_import
