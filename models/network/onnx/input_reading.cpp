#include "models/network/onnx/input_reading.hpp"

#include <fmt/format.h>

#include <limits>

#include "models/network/onnx/model_file.hpp"

namespace ridgeline::onnx_import {
namespace {

using Dims = std::vector<std::int64_t>;

TensorShape shape_of(std::int64_t N, std::int64_t C, std::int64_t H, std::int64_t W) {
  return {static_cast<int>(N), static_cast<int>(C), static_cast<int>(H), static_cast<int>(W)};
}

std::int64_t product(const Dims& dims, std::size_t begin, std::size_t end) {
  std::int64_t elements = 1;
  for (std::size_t i = begin; i < end; ++i) elements *= dims[i];
  return elements;
}

/// N, C, H, and the rest as W.
InputReading channels_second(const Dims& dims) {
  const std::size_t rank = dims.size();
  const auto dim = [&](std::size_t i) { return i < rank ? dims[i] : std::int64_t{1}; };
  if (rank == 1) return {shape_of(1, dims[0], 1, 1), Layout(dims)};
  return {shape_of(dim(0), dim(1), dim(2), product(dims, std::min<std::size_t>(3, rank), rank)),
          Layout(dims)};
}

/// N, H, W, C or N, H, C.
InputReading channels_last(const Dims& dims) {
  const std::size_t last = dims.size() - 1;
  Dims dense{dims[0], dims[last]};
  std::vector<std::size_t> order{0};
  for (std::size_t i = 1; i < last; ++i) {
    dense.push_back(dims[i]);
    order.push_back(i + 1);
  }
  order.push_back(1);
  return {shape_of(dims[0], dims[last], dims[1], last == 3 ? dims[2] : 1),
          Layout(dense).transposed(order)};
}

}  // namespace

std::optional<Dims> stated_dims(const onnx::ValueInfoProto& info) {
  if (!info.type().has_tensor_type() || !info.type().tensor_type().has_shape()) return {};
  Dims dims;
  for (const auto& dim : info.type().tensor_type().shape().dim())
    dims.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
  return dims;
}

ElementType input_elements(const onnx::ValueInfoProto& input, const std::string& file) {
  const std::string place = "input " + in_quotes(input.name());
  if (!input.type().has_tensor_type()) fail(file, place, "is no tensor", "a tensor");
  const int type = input.type().tensor_type().elem_type();
  if (type == onnx::TensorProto::FLOAT) return ElementType::real;
  if (type == onnx::TensorProto::INT8) return ElementType::int8;
  if (type == onnx::TensorProto::UINT8) return ElementType::uint8;
  fail(file, place, "has elements of type " + type_name(type), "float, int8 or uint8");
}

Dims input_dims(const onnx::ValueInfoProto& input, const std::string& file) {
  const std::string place = "input " + in_quotes(input.name());
  (void)input_elements(input, file);
  auto dims = stated_dims(input);
  if (!dims) fail(file, place, "has no shape", "a shape whose extents are numbers");
  constexpr std::size_t kMostDimensions = 16;
  if (dims->size() > kMostDimensions) fail(file, place, "has too many dimensions", "at most 16");
  std::int64_t elements = 1;
  for (std::size_t i = 0; i < dims->size(); ++i) {
    std::int64_t& dim = (*dims)[i];
    const bool open =
        dim == -1 && !input.type().tensor_type().shape().dim(static_cast<int>(i)).has_dim_value();
    if (open && i == 0) dim = 1;
    if (open && i > 0)
      fail(file, place, fmt::format("leaves the extent of dimension {} open", i),
           "numbers; the batch alone may be open, and is 1 then");
    if (dim < 1 || dim > std::numeric_limits<int>::max())
      fail(file, place, fmt::format("has a dimension of {}", dim), "1 or more");
    elements *= dim;
    if (elements > std::numeric_limits<int>::max())
      fail(file, place, "has more elements than can be counted", "at most 2^31 - 1");
  }
  return *dims;
}

std::vector<InputReading> readings_of(const Dims& dims) {
  std::vector<InputReading> readings;
  if (dims.empty()) return {{TensorShape{}, Layout(dims)}};
  readings.push_back(channels_second(dims));
  if (dims.size() == 3 || dims.size() == 4) readings.push_back(channels_last(dims));
  for (std::size_t axis = 0; axis < dims.size(); ++axis)
    readings.push_back(
        {shape_of(product(dims, 0, axis), dims[axis], product(dims, axis + 1, dims.size()), 1),
         Layout(dims)});
  return readings;
}

}  // namespace ridgeline::onnx_import
