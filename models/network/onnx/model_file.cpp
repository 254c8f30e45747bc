#include "models/network/onnx/model_file.hpp"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <limits>

#include "models/base/error.hpp"
#include "models/base/text.hpp"
#include "models/network/onnx/wire_budget.hpp"

namespace ridgeline::onnx_import {
namespace {

constexpr std::size_t kMostObjects = 250'000;
constexpr int kDeepest = 64;

/// Parses without protobuf's own messages on the console: a failure is told by the result.
bool parse(onnx::ModelProto& model, const std::string& bytes) {
  const google::protobuf::LogSilencer quiet;
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  google::protobuf::io::CodedInputStream coded(&stream);
  coded.SetTotalBytesLimit(std::numeric_limits<int>::max());
  coded.SetRecursionLimit(kDeepest);
  return model.ParseFromCodedStream(&coded) && coded.ConsumedEntireMessage();
}

}  // namespace

void fail(const std::string& file, std::string place, std::string what, std::string allowed) {
  throw InputError({.file = file,
                    .place = std::move(place),
                    .what = std::move(what),
                    .allowed = std::move(allowed)});
}

std::string in_quotes(std::string_view text) {
  return "'" + shortened(text) + "'";
}

onnx::ModelProto read_model(const SourceText& file) {
  if (file.text.empty()) fail(file.path, "", "is empty", "an ONNX model");
  if (file.text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    fail(file.path, "", fmt::format("has {} bytes", file.text.size()), "at most 2 GiB");
  const std::size_t objects = count_objects(file.text);
  if (objects > kMostObjects)
    fail(file.path, "", fmt::format("holds {} messages and names", objects),
         fmt::format("at most {}", kMostObjects));
  onnx::ModelProto model;
  if (!parse(model, file.text))
    fail(file.path, "", "is no ONNX model, or is cut short: its bytes are no protobuf ModelProto",
         "a file as torch.onnx.export or onnx.save writes it");
  if (!model.has_graph() || model.graph().node_size() + model.graph().input_size() == 0)
    fail(file.path, "", "holds no graph, so it is no ONNX model", "a model with a graph");
  return model;
}

std::int64_t opset_of(const onnx::ModelProto& model, const std::string& file) {
  for (const auto& set : model.opset_import()) {
    if (!set.domain().empty() && set.domain() != "ai.onnx") continue;
    if (set.version() >= kFirstOpset && set.version() <= kLastOpset) return set.version();
    fail(file, "", fmt::format("uses opset {}", set.version()),
         fmt::format("{} to {}", kFirstOpset, kLastOpset));
  }
  fail(file, "", "does not say which opset it uses",
       fmt::format("opset_import of the default domain, {} to {}", kFirstOpset, kLastOpset));
}

}  // namespace ridgeline::onnx_import
