#pragma once

#include <string>
#include <vector>

#include "tests/support/onnx_case.hpp"

/// The single-node tests that come with ONNX (Debian's libonnx-testdata), made into networks with
/// one input: tensors that the suite feeds beside it become weights; where an operator joins
/// several arrays, they are parts of one, taken out by convolutions with ones and zeros.
namespace ridgeline::onnx_tests {

struct SuiteCase {
  std::string name{};
  std::string op{};
  std::string why_not{};  ///< why it is no network; empty if it is one
  onnx::ModelProto model{};
  Array input{}, output{};
};

/// Whether the suite is installed.
[[nodiscard]] bool suite_is_there();
/// Tests of one node of operator `op`, by name.
[[nodiscard]] std::vector<SuiteCase> suite_cases(const std::string& op);

}  // namespace ridgeline::onnx_tests
