#pragma once

#include <onnx.pb.h>

#include <cstdint>
#include <string>
#include <vector>

#include "models/network/trained_network.hpp"
#include "models/numeric/workload.hpp"

/// ONNX models for tests: made by hand, read from folders, and run.
namespace ridgeline::onnx_tests {

using Dims = std::vector<std::int64_t>;

struct Array {
  Dims dims{};
  std::vector<float> values{};
  int type = onnx::TensorProto::FLOAT;
};

/// The bytes of a file; empty if it cannot be read.
[[nodiscard]] std::string read_bytes(const std::string& path);
/// A tensor of float, int8, uint8 or int32; without values if it holds something else.
[[nodiscard]] Array array_of(const onnx::TensorProto& tensor);
/// Seeded values within -1..1.
[[nodiscard]] Array random_array(const Dims& dims, std::uint64_t seed);

/// A model under construction. Its only input is "x" and its output "y", unless said otherwise.
struct ModelBuilder {
  onnx::ModelProto model{};

  explicit ModelBuilder(const Dims& input, std::int64_t opset = 13);
  void weights(const std::string& name, const Array& array);
  void integers(const std::string& name, const std::vector<std::int64_t>& values);
  /// int8, uint8 or int32, as `type` says.
  void words(const std::string& name, const Dims& dims, const std::vector<std::int32_t>& values,
             int type);
  onnx::NodeProto& node(const std::string& op, const std::vector<std::string>& inputs,
                        const std::string& output = "y");
  [[nodiscard]] std::string bytes() const { return model.SerializeAsString(); }
  [[nodiscard]] TrainedNetwork parse() const;
};

/// What reading a file of these bytes complains of; "no error" if nothing.
[[nodiscard]] std::string error_of(const std::string& bytes);

void put(onnx::NodeProto& node, const std::string& name, std::int64_t value);
void put(onnx::NodeProto& node, const std::string& name, float value);
void put(onnx::NodeProto& node, const std::string& name, const char* value);
void put(onnx::NodeProto& node, const std::string& name, const std::vector<std::int64_t>& values);

/// The workload of a model on its input, given in the file's order: real numbers, or words if the
/// file's input is words.
[[nodiscard]] Workload workload_of(const TrainedNetwork& trained, const std::vector<float>& input,
                                   Precision precision = Precision::fp32);
/// Elements of an output in the file's order, out of the tensors of a run: real numbers, or words
/// (which int8 runs alone have) if the file's output is words.
[[nodiscard]] std::vector<float> output_of(const TrainedNetwork& trained, std::size_t output,
                                           const Workload& workload,
                                           const std::vector<AnyTensor>& tensors);
/// Its first output, from the reference engine.
[[nodiscard]] std::vector<float> by_reference(const TrainedNetwork& trained,
                                              const std::vector<float>& input,
                                              Precision precision = Precision::fp32);
/// The same from the simulated machine. Each layer is compared with the reference on the way.
[[nodiscard]] std::vector<float> by_machine(const TrainedNetwork& trained,
                                            const std::vector<float>& input,
                                            Precision precision = Precision::fp32);

/// Largest difference between the two, as a part of the range of `expected`.
[[nodiscard]] double distance(const std::vector<float>& actual, const std::vector<float>& expected);

}  // namespace ridgeline::onnx_tests
