#include "tests/support/onnx_case.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

#include "models/base/error.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "models/numeric/reference.hpp"
#include "sim/cli/configs.hpp"
#include "sim/run.hpp"

namespace ridgeline::onnx_tests {
namespace {

std::int64_t elements_of(const Dims& dims) {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) count *= dim;
  return count;
}

void put_shape(onnx::ValueInfoProto& info, const std::string& name, const Dims& dims) {
  info.set_name(name);
  auto* type = info.mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t dim : dims) type->mutable_shape()->add_dim()->set_dim_value(dim);
}

onnx::AttributeProto& attribute(onnx::NodeProto& node, const std::string& name,
                                onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto& added = *node.add_attribute();
  added.set_name(name);
  added.set_type(type);
  return added;
}

template <class T, class Typed>
std::vector<float> values_of(const onnx::TensorProto& tensor, const Typed& typed) {
  std::vector<float> values(typed.begin(), typed.end());
  for (std::size_t at = 0; at + sizeof(T) <= tensor.raw_data().size(); at += sizeof(T)) {
    T word;
    std::memcpy(&word, tensor.raw_data().data() + at, sizeof(T));
    values.push_back(static_cast<float>(word));
  }
  return values;
}

/// What a word of the file is more than the machine's.
float unheld(ElementType elements) {
  return elements == ElementType::uint8 ? 128.0F : 0.0F;
}

}  // namespace

std::string read_bytes(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Array array_of(const onnx::TensorProto& tensor) {
  Array array{.dims = {tensor.dims().begin(), tensor.dims().end()}, .type = tensor.data_type()};
  switch (tensor.data_type()) {
    case onnx::TensorProto::FLOAT:
      array.values = values_of<float>(tensor, tensor.float_data());
      break;
    case onnx::TensorProto::INT8:
      array.values = values_of<std::int8_t>(tensor, tensor.int32_data());
      break;
    case onnx::TensorProto::UINT8:
      array.values = values_of<std::uint8_t>(tensor, tensor.int32_data());
      break;
    case onnx::TensorProto::INT32:
      array.values = values_of<std::int32_t>(tensor, tensor.int32_data());
      break;
    default:
      break;
  }
  return array;
}

Array random_array(const Dims& dims, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  Array array{.dims = dims};
  for (std::int64_t i = elements_of(dims); i > 0; --i) array.values.push_back(uniform(random));
  return array;
}

ModelBuilder::ModelBuilder(const Dims& input, std::int64_t opset) {
  model.set_ir_version(8);
  model.add_opset_import()->set_version(opset);
  model.mutable_graph()->set_name("test");
  put_shape(*model.mutable_graph()->add_input(), "x", input);
  model.mutable_graph()->add_output()->set_name("y");
}

void ModelBuilder::weights(const std::string& name, const Array& array) {
  onnx::TensorProto& tensor = *model.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t dim : array.dims) tensor.add_dims(dim);
  tensor.mutable_float_data()->Add(array.values.begin(), array.values.end());
}

void ModelBuilder::integers(const std::string& name, const std::vector<std::int64_t>& values) {
  onnx::TensorProto& tensor = *model.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::INT64);
  tensor.add_dims(static_cast<std::int64_t>(values.size()));
  tensor.mutable_int64_data()->Add(values.begin(), values.end());
}

void ModelBuilder::words(const std::string& name, const Dims& dims,
                         const std::vector<std::int32_t>& values, int type) {
  onnx::TensorProto& tensor = *model.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(type);
  for (const std::int64_t dim : dims) tensor.add_dims(dim);
  tensor.mutable_int32_data()->Add(values.begin(), values.end());
}

onnx::NodeProto& ModelBuilder::node(const std::string& op, const std::vector<std::string>& inputs,
                                    const std::string& output) {
  onnx::NodeProto& node = *model.mutable_graph()->add_node();
  node.set_op_type(op);
  node.set_name("the_" + output);
  for (const std::string& input : inputs) node.add_input(input);
  node.add_output(output);
  return node;
}

TrainedNetwork ModelBuilder::parse() const {
  return parse_onnx({"test.onnx", bytes()});
}

std::string error_of(const std::string& bytes) {
  try {
    (void)parse_onnx({"test.onnx", bytes});
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

void put(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  attribute(node, name, onnx::AttributeProto::INT).set_i(value);
}
void put(onnx::NodeProto& node, const std::string& name, float value) {
  attribute(node, name, onnx::AttributeProto::FLOAT).set_f(value);
}
void put(onnx::NodeProto& node, const std::string& name, const char* value) {
  attribute(node, name, onnx::AttributeProto::STRING).set_s(value);
}
void put(onnx::NodeProto& node, const std::string& name, const std::vector<std::int64_t>& values) {
  auto& added = attribute(node, name, onnx::AttributeProto::INTS);
  added.mutable_ints()->Add(values.begin(), values.end());
}

Workload workload_of(const TrainedNetwork& trained, const std::vector<float>& input,
                     Precision precision) {
  Tensor<float> picture(trained.network.input());
  const std::vector<std::int64_t> offsets = trained.input.layout.offsets();
  REQUIRE(offsets.size() == input.size());
  const ElementType elements = trained.input.elements;
  const auto real = [&](float value) {
    if (elements == ElementType::real) return value;
    return static_cast<float>(trained.weights[0].fixed.output->real(value - unheld(elements)));
  };
  for (std::size_t i = 0; i < input.size(); ++i)
    picture.data[static_cast<std::size_t>(offsets[i])] = real(input[i]);
  return make_workload(
      lower(trained.network),
      {.precision = precision,
       .picture = std::move(picture),
       .weights = std::make_shared<const std::vector<NodeWeights>>(trained.weights)});
}

std::vector<float> output_of(const TrainedNetwork& trained, std::size_t output,
                             const Workload& workload, const std::vector<AnyTensor>& tensors) {
  const ArrayOfNode& array = trained.outputs.at(output);
  const auto& lowered = workload.lowered.tensors;
  const auto id = static_cast<std::size_t>(
      std::ranges::find(lowered, array.node, &LoweredTensor::node) - lowered.begin());
  REQUIRE(id < lowered.size());
  const bool words = array.elements == ElementType::int8 || array.elements == ElementType::uint8;
  REQUIRE((!words || workload.precision == Precision::int8));
  std::vector<float> values;
  std::visit(
      [&](const auto& tensor) {
        for (const std::int64_t offset : array.layout.offsets()) {
          const auto word = tensor.data.at(static_cast<std::size_t>(offset));
          values.push_back(words ? static_cast<float>(word) + unheld(array.elements)
                                 : static_cast<float>(workload.quantizations[id].real(word)));
        }
      },
      tensors.at(id));
  return values;
}

std::vector<float> by_reference(const TrainedNetwork& trained, const std::vector<float>& input,
                                Precision precision) {
  const Workload workload = workload_of(trained, input, precision);
  return output_of(trained, 0, workload, reference::run_network(workload));
}

std::vector<float> by_machine(const TrainedNetwork& trained, const std::vector<float>& input,
                              Precision precision) {
  const Workload workload = workload_of(trained, input, precision);
  const Architecture arch = cli::load_architecture("squeezelerator_16x16");
  sim::RunResult result = sim::run_with_data(arch, workload, {});
  sim::check(result, workload);
  for (const LayerStats& layer : result.stats.layers) {
    INFO(layer.name);
    CHECK(layer.check.passed());
  }
  return output_of(trained, 0, workload, result.tensors);
}

double distance(const std::vector<float>& actual, const std::vector<float>& expected) {
  if (actual.size() != expected.size()) return HUGE_VAL;
  double largest = 0;
  float lowest = HUGE_VALF, highest = -HUGE_VALF;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double difference = std::abs(static_cast<double>(actual[i]) - expected[i]);
    if (!(difference <= largest)) largest = std::isnan(difference) ? HUGE_VAL : difference;
    lowest = std::min(lowest, expected[i]);
    highest = std::max(highest, expected[i]);
  }
  const double range = std::max(
      {static_cast<double>(highest) - lowest, std::abs(static_cast<double>(highest)), 1e-30});
  return largest / range;
}

}  // namespace ridgeline::onnx_tests
