#pragma once

#include <cstddef>
#include <string_view>

namespace ridgeline::onnx_import {

/// Messages and strings that a serialised ONNX ModelProto holds, without parsing it; graphs within
/// graphs are counted. A message takes a hundred times the memory of its two bytes, so a reader
/// bounds their number before it parses. Bytes that are no message end the count.
[[nodiscard]] std::size_t count_objects(std::string_view model);

}  // namespace ridgeline::onnx_import
