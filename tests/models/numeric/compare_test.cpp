#include "models/numeric/compare.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

namespace ridgeline {
namespace {

Tensor<float> floats(std::initializer_list<float> values) {
  Tensor<float> tensor({1, 1, 1, static_cast<int>(values.size())});
  tensor.data = values;
  return tensor;
}

TEST_CASE("Equal tensors pass the check, element for element") {
  Tensor<std::int8_t> tensor({2, 3, 4, 5});
  const TensorCheck check = compare(tensor, tensor);
  CHECK(check.passed());
  CHECK(check.compared == 120);
  CHECK(check.max_abs_error == 0);
  CHECK(check.first_mismatch.empty());
}

TEST_CASE("The check names the first wrong element and counts them all") {
  Tensor<std::int16_t> expected({1, 4, 20, 5}), produced = expected;
  expected.at(0, 3, 17, 2) = 7;
  produced.at(0, 3, 17, 2) = 5;
  produced.at(0, 3, 18, 0) = -30000;
  expected.at(0, 3, 18, 0) = 30000;
  produced.at(0, 3, 19, 4) = 1;
  const TensorCheck check = compare(produced, expected);
  CHECK_FALSE(check.passed());
  CHECK(check.mismatches == 3);
  CHECK(check.max_abs_error == 60000);
  CHECK(check.first_mismatch == "ofmap[0,3,17,2] is 5, expected 7");
}

TEST_CASE("The batch index of a wrong element is named") {
  Tensor<std::int8_t> expected({3, 2, 1, 2}), produced = expected;
  produced.at(2, 1, 0, 1) = -1;
  CHECK(compare(produced, expected).first_mismatch == "ofmap[2,1,0,1] is -1, expected 0");
}

TEST_CASE("Floats may differ by their bound, each by its own") {
  const std::vector<float> bound{0.0F, 0.5F, 0.5F};
  CHECK(compare(floats({1, 2.5F, 3}), floats({1, 2, 3}), bound).passed());
  const TensorCheck check = compare(floats({1, 2.5F, 3.75F}), floats({1, 2, 3}), bound);
  CHECK(check.mismatches == 1);
  CHECK(check.max_abs_error == 0.75);
  CHECK(check.first_mismatch == "ofmap[0,0,0,2] is 3.75, expected 3");
  CHECK(compare(floats({1.25F}), floats({1}), std::vector<float>{0}).mismatches == 1);
  CHECK(compare(floats({1.25F}), floats({1})).mismatches == 1);
  CHECK(compare(floats({-0.0F}), floats({0})).passed());
}

TEST_CASE("What is not a number never matches") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> generous{infinity};
  CHECK(compare(floats({nan}), floats({1}), generous).mismatches == 1);
  CHECK(compare(floats({nan}), floats({1}), generous).max_abs_error == infinity);
  CHECK(compare(floats({1}), floats({nan}), generous).mismatches == 1);
  CHECK(compare(floats({nan}), floats({nan})).mismatches == 1);
  CHECK(compare(floats({infinity}), floats({1}), generous).mismatches == 1);
  CHECK(compare(floats({infinity}), floats({infinity})).passed());
}

}  // namespace
}  // namespace ridgeline
