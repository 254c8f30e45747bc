#include "tests/conformance/node_suite.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <map>
#include <set>

#include "models/base/error.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "models/numeric/reference.hpp"

namespace ridgeline::onnx_tests {
namespace {

struct Row {
  int tests = 0, passed = 0, simulated = 0;
  std::map<std::string, int> not_applicable{};  ///< by reason
};

/// What the importer says is wrong, without names.
std::string reason_of(const InputError& error) {
  return error.problem().what;
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
    UNSCOPED_INFO(error.what());
    ++row.not_applicable[reason_of(error)];
    if (std::getenv("SHOW")) fmt::print("   {}: {}\n", one.name, error.what());
    return;
  }
  const double of_reference = distance(by_reference(trained, one.input.values), one.output.values);
  CHECK(of_reference <= 1e-5);
  bool same = of_reference <= 1e-5;
  if (trained.network.nodes.size() > 1) {
    const double of_machine = distance(by_machine(trained, one.input.values), one.output.values);
    CHECK(of_machine <= 1e-5);
    same = same && of_machine <= 1e-5;
    row.simulated += of_machine <= 1e-5 ? 1 : 0;
  }
  row.passed += same ? 1 : 0;
}

const std::vector<std::string> kOperators{"Add",
                                          "AveragePool",
                                          "BatchNormalization",
                                          "Clip",
                                          "Concat",
                                          "Conv",
                                          "Dropout",
                                          "Flatten",
                                          "Gemm",
                                          "Identity",
                                          "GlobalAveragePool",
                                          "GlobalMaxPool",
                                          "LRN",
                                          "MatMul",
                                          "MaxPool",
                                          "Pad",
                                          "ReduceMean",
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
  std::string table = "| operator | tests | passed | on the machine | not applicable |\n";
  for (const std::string& op : kOperators) {
    Row row;
    for (const SuiteCase& one : suite_cases(op)) run_case(one, row);
    std::string reasons;
    for (const auto& [reason, count] : row.not_applicable)
      reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", count, reason);
    table += fmt::format("| {} | {} | {} | {} | {} |\n", op, row.tests, row.passed, row.simulated,
                         reasons);
  }
  fmt::print("{}", table);
}

}  // namespace ridgeline::onnx_tests
