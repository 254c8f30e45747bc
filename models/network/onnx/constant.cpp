#include "models/network/onnx/constant.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "models/network/onnx/model_file.hpp"

namespace ridgeline::onnx_import {
namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little endian");

using onnx::TensorProto;

constexpr std::int64_t kMostElements = std::numeric_limits<int>::max();

/// A tensor of the file and how to complain about it.
struct Source {
  const TensorProto& tensor;
  const std::string& file;
  const std::string& place;

  [[noreturn]] void refuse(std::string what, std::string allowed = "") const {
    fail(file, place, std::move(what), std::move(allowed));
  }
};

std::size_t count_of(const Source& source) {
  std::int64_t count = 1;
  for (const std::int64_t dim : source.tensor.dims()) {
    if (dim < 0 || dim > kMostElements)
      source.refuse(fmt::format("has a dimension of {}", dim),
                    fmt::format("0 to {}", kMostElements));
    count *= dim;
    if (count > kMostElements)
      source.refuse("has more elements than can be counted",
                    fmt::format("at most {}", kMostElements));
  }
  return static_cast<std::size_t>(count);
}

[[noreturn]] void refuse_size(const Source& source, std::size_t has, std::size_t needs,
                              const char* unit) {
  source.refuse(fmt::format("holds {} {}, but its shape says {}", has, unit, needs),
                "a tensor that is complete");
}

/// Words of type T: from raw_data if it is there, else from the field `typed`.
template <class T, class Typed, class Out>
void copy_words(const Source& source, const Typed& typed, std::vector<Out>& out) {
  const std::size_t count = count_of(source);
  const std::string& raw = source.tensor.raw_data();
  if (!source.tensor.has_raw_data()) {
    const auto has = static_cast<std::size_t>(typed.size());
    if (has != count) refuse_size(source, has, count, "elements");
    out.assign(typed.begin(), typed.end());
    return;
  }
  if (raw.size() != count * sizeof(T)) refuse_size(source, raw.size(), count * sizeof(T), "bytes");
  out.resize(count);
  if constexpr (std::is_same_v<T, Out>) {
    if (count > 0) std::memcpy(out.data(), raw.data(), raw.size());
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      T word;
      std::memcpy(&word, raw.data() + i * sizeof(T), sizeof(T));
      out[i] = static_cast<Out>(word);
    }
  }
}

void check_finite(const Source& source, const std::vector<float>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      source.refuse(fmt::format("element {} is {}", i, values[i]), "finite numbers");
}

/// Words that the field int32_data holds may be wider than their type.
void check_words(const Source& source) {
  const int lowest = source.tensor.data_type() == TensorProto::INT8 ? -128 : 0;
  for (int i = 0; i < source.tensor.int32_data_size(); ++i)
    if (const int word = source.tensor.int32_data(i); word < lowest || word > lowest + 255)
      source.refuse(fmt::format("element {} is {}", i, word),
                    fmt::format("{} to {}", lowest, lowest + 255));
}

}  // namespace

std::size_t Constant::elements() const {
  return std::visit([](const auto& values) { return values.size(); }, data);
}

std::string dims_text(const std::vector<std::int64_t>& dims) {
  return dims.empty() ? "a scalar" : fmt::format("{}", fmt::join(dims, "x"));
}

std::string type_name(int type) {
  if (!TensorProto::DataType_IsValid(type)) return fmt::format("type {}", type);
  std::string name = TensorProto::DataType_Name(static_cast<TensorProto::DataType>(type));
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name;
}

Constant decode(const TensorProto& tensor, const std::string& file, const std::string& place) {
  const Source source{tensor, file, place};
  if (tensor.data_location() == TensorProto::EXTERNAL || tensor.external_data_size() > 0)
    source.refuse("keeps its data outside the file", "data inside the file");
  if (tensor.has_segment()) source.refuse("is a segment of a tensor", "whole tensors");
  Constant constant{
      .dims = {tensor.dims().begin(), tensor.dims().end()}, .data = {}, .type = tensor.data_type()};
  std::vector<std::int64_t> integers;
  switch (tensor.data_type()) {
    case TensorProto::FLOAT: {
      std::vector<float> values;
      copy_words<float>(source, tensor.float_data(), values);
      check_finite(source, values);
      constant.data = std::move(values);
      return constant;
    }
    case TensorProto::INT64:
      copy_words<std::int64_t>(source, tensor.int64_data(), integers);
      break;
    case TensorProto::INT32:
      copy_words<std::int32_t>(source, tensor.int32_data(), integers);
      break;
    case TensorProto::BOOL:
      copy_words<std::uint8_t>(source, tensor.int32_data(), integers);
      break;
    case TensorProto::INT8:
    case TensorProto::UINT8: {
      check_words(source);
      std::vector<std::int16_t> words;
      if (tensor.data_type() == TensorProto::INT8)
        copy_words<std::int8_t>(source, tensor.int32_data(), words);
      else
        copy_words<std::uint8_t>(source, tensor.int32_data(), words);
      constant.data = std::move(words);
      return constant;
    }
    default:
      source.refuse(
          "has elements of type " + type_name(tensor.data_type()),
          "float; int8 and uint8 for words; int64, int32 or bool for shapes and switches");
  }
  constant.data = std::move(integers);
  return constant;
}

}  // namespace ridgeline::onnx_import
