#pragma once

#include <onnx.pb.h>

#include <string>

#include "models/base/source_text.hpp"

namespace ridgeline::onnx_import {

/// Throws the InputError "FILE: PLACE: WHAT; allowed: ALLOWED".
[[noreturn]] void fail(const std::string& file, std::string place, std::string what,
                       std::string allowed = "");

/// A text of the file for a message: 'quoted', shortened, without control characters.
[[nodiscard]] std::string in_quotes(std::string_view text);

inline constexpr std::int64_t kFirstOpset = 7, kLastOpset = 17;

/// The model that the bytes hold, its versions checked.
/// @throws InputError
[[nodiscard]] onnx::ModelProto read_model(const SourceText& file);
/// Its version of the default operator set, within kFirstOpset to kLastOpset.
[[nodiscard]] std::int64_t opset_of(const onnx::ModelProto& model, const std::string& file);

}  // namespace ridgeline::onnx_import
