#pragma once

#include <onnx.pb.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ridgeline::onnx_import {

/// An array whose elements are known: weights, or a shape that another operator takes. int32 and
/// bool are widened to int64.
struct Constant {
  std::vector<std::int64_t> dims{};  ///< empty for a scalar
  std::variant<std::vector<float>, std::vector<std::int64_t>> data{};

  [[nodiscard]] std::size_t elements() const;
  [[nodiscard]] bool is_float() const { return data.index() == 0; }
};

/// "2x3x4", or "a scalar".
[[nodiscard]] std::string dims_text(const std::vector<std::int64_t>& dims);
/// "float", "uint8", ...
[[nodiscard]] std::string type_name(int type);

/// The array that `tensor` holds. Nothing is allocated before its bytes are known to be as many as
/// its shape says. `place` names it in messages.
/// @throws InputError
[[nodiscard]] Constant decode(const onnx::TensorProto& tensor, const std::string& file,
                              const std::string& place);

}  // namespace ridgeline::onnx_import
