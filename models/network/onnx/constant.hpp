#pragma once

#include <onnx.pb.h>

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace ridgeline::onnx_import {

/// The words behind the real elements of a constant that a DequantizeLinear made.
struct WordsOfConstant {
  std::vector<std::int32_t> less_zero{};  ///< word - zero point, an element each
  std::vector<std::int32_t> set{};        ///< which scale each element has; empty: all the first
  std::vector<double> scales{};
  std::vector<std::int32_t> zeros{};  ///< as int8 words; those of uint8 words less 128
  bool narrow = true;                 ///< int8 or uint8; else int32

  [[nodiscard]] std::size_t set_of(std::size_t element) const {
    return set.empty() ? 0 : static_cast<std::size_t>(set[element]);
  }
};

/// An array whose elements are known: weights, or a shape that another operator takes. int32 and
/// bool are widened to int64, words of 8 bits to 16.
struct Constant {
  std::vector<std::int64_t> dims{};  ///< empty for a scalar
  std::variant<std::vector<float>, std::vector<std::int64_t>, std::vector<std::int16_t>> data{};
  int type = onnx::TensorProto::UNDEFINED;         ///< of the elements in the file
  std::shared_ptr<const WordsOfConstant> words{};  ///< null unless DequantizeLinear made it

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
