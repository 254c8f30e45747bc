#include "tests/conformance/node_suite.hpp"

#include <fmt/format.h>

#include <array>
#include <catch2/catch.hpp>
#include <map>

#include "models/base/error.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "models/numeric/reference.hpp"

namespace ridgeline::onnx_tests {
namespace {

struct Row {
  int tests = 0, passed = 0, simulated = 0;
  std::map<std::string, int> not_applicable{};  ///< by reason
};

struct Reason {
  const char* says;  ///< what the importer's message holds
  const char* short_text;
};
constexpr std::array kReasons{
    Reason{"that is no feature map", "three spatial dimensions"},
    Reason{"joins along axis", "not along channels"},
    Reason{"training_mode is set", "training"},
    Reason{"mode is", "modes edge and reflect"},
    Reason{"pads with", "padding with other numbers than zero"},
    Reason{"mask is used", "the mask of training"},
    Reason{"Indices is used", "output Indices"},
    Reason{"for an array that depends on the input", "a scale for each channel of an array"},
    Reason{"with a scale that depends on it", "a scale that depends on the input"},
    Reason{"has elements of type", "elements are neither float nor words"},
    Reason{"is no tensor", "elements are neither float nor words"},
    Reason{"C is", "C with a number for every element"},
    Reason{"multiplies", "a matrix for every image"}};

/// Why the importer refuses a model. A message that is not expected fails the test.
std::string reason_of(const InputError& error) {
  for (const Reason& reason : kReasons)
    if (error.problem().what.find(reason.says) != std::string::npos) return reason.short_text;
  FAIL_CHECK(error.what());
  return error.problem().what;
}

bool is_words(const Array& array) {
  return array.type == onnx::TensorProto::INT8 || array.type == onnx::TensorProto::UINT8;
}

/// Negative if the window does not fit the machine's buffer.
double distance_on_machine(const TrainedNetwork& trained, const SuiteCase& one,
                           Precision precision) {
  try {
    return distance(by_machine(trained, one.input.values, precision), one.output.values);
  } catch (const InfeasibleError&) {
    return -1;
  }
}

void run_case(const SuiteCase& one, Row& row) {
  INFO(one.name);
  ++row.tests;
  if (!one.why_not.empty()) {
    ++row.not_applicable[one.why_not];
    return;
  }
  TrainedNetwork trained;
  try {
    trained = parse_onnx({one.name + ".onnx", one.model.SerializeAsString()});
  } catch (const InputError& error) {
    ++row.not_applicable[reason_of(error)];
    return;
  }
  // Words are int8's alone; sums of products are whole in fp32.
  const Precision precision = is_words(one.output) ? Precision::int8 : Precision::fp32;
  const double of_reference =
      distance(by_reference(trained, one.input.values, precision), one.output.values);
  CHECK(of_reference <= 1e-5);
  bool same = of_reference <= 1e-5;
  if (trained.network.nodes.size() > 1) {
    const double of_machine = distance_on_machine(trained, one, precision);
    CHECK(of_machine <= 1e-5);
    same = same && of_machine <= 1e-5;
    row.simulated += of_machine >= 0 && of_machine <= 1e-5 ? 1 : 0;
  }
  row.passed += same ? 1 : 0;
}

const std::vector<std::string> kOperators{"Add",
                                          "AveragePool",
                                          "BatchNormalization",
                                          "Clip",
                                          "Concat",
                                          "Conv",
                                          "ConvInteger",
                                          "DequantizeLinear",
                                          "Dropout",
                                          "DynamicQuantizeLinear",
                                          "Flatten",
                                          "Gemm",
                                          "Identity",
                                          "GlobalAveragePool",
                                          "GlobalMaxPool",
                                          "LRN",
                                          "MatMul",
                                          "MatMulInteger",
                                          "MaxPool",
                                          "Pad",
                                          "QLinearConv",
                                          "QLinearMatMul",
                                          "QuantizeLinear",
                                          "Relu",
                                          "Reshape",
                                          "Softmax",
                                          "Squeeze",
                                          "Sum",
                                          "Transpose",
                                          "Unsqueeze"};

}  // namespace

TEST_CASE("ONNX's own tests of single operators give the same numbers", "[conformance]") {
  if (!suite_is_there()) {
    WARN("skipped: ONNX's test data (Debian package libonnx-testdata) is not installed");
    return;
  }
  std::string table =
      "| operator | tests | passed | on the machine too | not applicable |\n"
      "|---|---|---|---|---|\n";
  Row total;
  for (const std::string& op : kOperators) {
    Row row;
    for (const SuiteCase& one : suite_cases(op)) run_case(one, row);
    std::string reasons;
    int refused = 0;
    for (const auto& [reason, count] : row.not_applicable) {
      reasons += fmt::format("{}{} {}", reasons.empty() ? "" : "; ", count, reason);
      refused += count;
    }
    INFO(op);
    CHECK(row.passed + refused == row.tests);
    table += fmt::format("| {} | {} | {} | {} | {} |\n", op, row.tests, row.passed, row.simulated,
                         reasons);
    total.tests += row.tests;
    total.passed += row.passed;
    total.simulated += row.simulated;
  }
  table += fmt::format("| all | {} | {} | {} | |\n", total.tests, total.passed, total.simulated);
  fmt::print("{}", table);
  INFO("README.md does not repeat this table:\n" << table);
  CHECK(read_bytes(std::string(RIDGELINE_SOURCE_DIR) + "/README.md").find(table) !=
        std::string::npos);
}

}  // namespace ridgeline::onnx_tests
