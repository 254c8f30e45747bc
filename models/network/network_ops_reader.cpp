#include "models/network/network_ops_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cfloat>
#include <limits>

#include "models/base/error.hpp"

namespace ridgeline {
namespace {

constexpr IntegerBounds kWindow{1, 1 << 20};  // as shape inference allows
constexpr IntegerBounds kPad{0, 1 << 20};
constexpr RealBounds kAny{-FLT_MAX, FLT_MAX}, kPositive{FLT_MIN, FLT_MAX}, kNotNegative{0, FLT_MAX};

int integer_or(const ObjectReader& object, const char* key, IntegerBounds bounds, int fallback) {
  const auto field = object.find(key);
  return field ? static_cast<int>(field->integer(bounds)) : fallback;
}

float number_or(const ObjectReader& object, const char* key, RealBounds bounds, float fallback) {
  const auto field = object.find(key);
  return field ? static_cast<float>(field->number(bounds)) : fallback;
}

bool boolean_or(const ObjectReader& object, const char* key, bool fallback) {
  const auto field = object.find(key);
  return field ? field->boolean() : fallback;
}

/// Puts a list of integers where the key is there.
template <std::size_t N>
void put_integers(const ObjectReader& object, const char* key, IntegerBounds bounds,
                  std::array<int, N>& values) {
  if (const auto field = object.find(key))
    std::ranges::copy(read_integers(*field, N, bounds), values.begin());
}

Window read_window(const ObjectReader& object) {
  Window window;
  const std::vector<int> kernel = read_integers(object.at("kernel"), 2, kWindow);
  window.R = kernel[0];
  window.S = kernel[1];
  put_integers(object, "stride", kWindow, window.stride);
  put_integers(object, "pad", kPad, window.pad);
  put_integers(object, "dilation", kWindow, window.dilation);
  return window;
}

template <class WithoutKeys>
Op read_plain(const ObjectReader& /*object*/) {
  return WithoutKeys{};
}

Op read_relu(const ObjectReader& /*object*/) {
  return ClampOp{};
}

Op read_relu6(const ObjectReader& /*object*/) {
  return ClampOp{.highest = 6};
}

Op read_clip(const ObjectReader& object) {
  constexpr float kNone = std::numeric_limits<float>::infinity();
  return ClampOp{.lowest = number_or(object, "lowest", kAny, -kNone),
                 .highest = number_or(object, "highest", kAny, kNone),
                 .separate = boolean_or(object, "separate", false)};
}

Op read_conv(const ObjectReader& object) {
  return ConvOp{.M = static_cast<int>(object.at("filters").integer(kExtent)),
                .G = integer_or(object, "groups", kExtent, 1),
                .window = read_window(object),
                .bias = boolean_or(object, "bias", true)};
}

Op read_fully_connected(const ObjectReader& object) {
  return FullyConnectedOp{.M = static_cast<int>(object.at("filters").integer(kExtent)),
                          .bias = boolean_or(object, "bias", true)};
}

Op read_batch_norm(const ObjectReader& object) {
  return BatchNormOp{number_or(object, "epsilon", kPositive, BatchNormOp{}.epsilon)};
}

PoolOp read_pool(const ObjectReader& object, PoolKind kind) {
  PoolOp pool{.kind = kind,
              .ceil_mode = boolean_or(object, "ceil_mode", false),
              .global = boolean_or(object, "global", false)};
  if (!pool.global) pool.window = read_window(object);
  return pool;
}

Op read_max_pool(const ObjectReader& object) {
  return read_pool(object, PoolKind::max);
}

Op read_average_pool(const ObjectReader& object) {
  PoolOp pool = read_pool(object, PoolKind::average);
  pool.count_include_pad = boolean_or(object, "count_include_pad", false);
  return pool;
}

Op read_lrn(const ObjectReader& object) {
  const LrnOp usual;
  return LrnOp{.size = integer_or(object, "size", kWindow, usual.size),
               .alpha = number_or(object, "alpha", kNotNegative, usual.alpha),
               .beta = number_or(object, "beta", kAny, usual.beta),
               .k = number_or(object, "k", kPositive, usual.k)};
}

struct OpFormat {
  const char* name;
  std::vector<std::string> keys;
  Op (*read)(const ObjectReader&);
};

const std::vector<OpFormat>& op_formats() {
  static const std::vector<OpFormat> all{
      {"input", {}, &read_plain<InputOp>},
      {"conv", {"filters", "kernel", "stride", "pad", "dilation", "groups", "bias"}, &read_conv},
      {"fully_connected", {"filters", "bias"}, &read_fully_connected},
      {"batch_norm", {"epsilon"}, &read_batch_norm},
      {"relu", {}, &read_relu},
      {"relu6", {}, &read_relu6},
      {"clip", {"lowest", "highest", "separate"}, &read_clip},
      {"max_pool", {"kernel", "stride", "pad", "dilation", "global", "ceil_mode"}, &read_max_pool},
      {"average_pool",
       {"kernel", "stride", "pad", "dilation", "global", "ceil_mode", "count_include_pad"},
       &read_average_pool},
      {"add", {}, &read_plain<AddOp>},
      {"concat", {}, &read_plain<ConcatOp>},
      {"lrn", {"size", "alpha", "beta", "k"}, &read_lrn},
      {"softmax", {}, &read_plain<SoftmaxOp>}};
  return all;
}

}  // namespace

std::vector<int> read_integers(const JsonField& field, std::size_t count, IntegerBounds bounds) {
  std::vector<int> values;
  for (const JsonField& item : field.items({count, count}))
    values.push_back(static_cast<int>(item.integer(bounds)));
  return values;
}

NodeFields read_op(const JsonField& node, const std::vector<std::string>& common) {
  const JsonField op = node.at("op");
  std::vector<std::string> names;
  for (const OpFormat& format : op_formats()) names.emplace_back(format.name);
  const std::string name = op.one_of(names, "operation");
  const OpFormat& format = *std::ranges::find(op_formats(), name, &OpFormat::name);
  std::vector<std::string> keys = common;
  keys.insert(keys.end(), format.keys.begin(), format.keys.end());
  ObjectReader object(node, std::move(keys));
  return {object, format.read(object)};
}

void check_global_window(const ObjectReader& object, const Op& op) {
  const auto* pool = std::get_if<PoolOp>(&op);
  if (pool == nullptr || !pool->global) return;
  const Window& window = pool->window;
  const auto check = [&](const char* key, const auto& values, IntegerBounds bounds) {
    const auto field = object.find(key);
    if (!field) return;
    if (!std::ranges::equal(read_integers(*field, values.size(), bounds), values))
      field->fail("is not that of this global pool",
                  fmt::format("[{}], or leave the key out", fmt::join(values, ", ")));
  };
  check("kernel", std::array{window.R, window.S}, kExtent);
  check("stride", window.stride, kWindow);
  check("pad", window.pad, kPad);
  check("dilation", window.dilation, kWindow);
}

}  // namespace ridgeline
