#include "models/numeric/tensor.hpp"

#include <catch2/catch.hpp>

namespace ridgeline {
namespace {

TEST_CASE("A tensor lies in memory as NCHW") {
  Tensor<std::int16_t> tensor({2, 3, 4, 5});
  CHECK(tensor.data.size() == 120);
  CHECK(tensor.index(0, 0, 0, 1) == 1);
  CHECK(tensor.index(0, 0, 1, 0) == 5);
  CHECK(tensor.index(0, 1, 0, 0) == 20);
  CHECK(tensor.index(1, 2, 3, 4) == 119);
  tensor.at(1, 0, 2, 3) = 7;
  CHECK(tensor.data[60 + 13] == 7);
}

TEST_CASE("A tensor of any precision knows its precision, shape and bytes") {
  const TensorShape shape{1, 2, 3, 4};
  for (const Precision precision : {Precision::int8, Precision::int16, Precision::fp32}) {
    AnyTensor tensor = make_tensor(precision, shape);
    CHECK(precision_of(tensor) == precision);
    CHECK(shape_of(tensor) == shape);
    const auto bytes = bytes_of(tensor);
    CHECK(static_cast<std::int64_t>(bytes.size()) == 24 * word_bytes(precision).count());
  }
  AnyTensor tensor = make_tensor(Precision::int16, shape);
  bytes_of(tensor)[2] = std::byte{0x34};
  bytes_of(tensor)[3] = std::byte{0x12};
  CHECK(std::get<Tensor<std::int16_t>>(tensor).data[1] == 0x1234);
}

TEST_CASE("Every precision is found by its name, and nothing else is") {
  for (const Precision precision : {Precision::int8, Precision::int16, Precision::fp32}) {
    CHECK(precision_from_name(precision_name(precision)) == precision);
  }
  CHECK(precision_name(Precision::int8) == "int8");
  CHECK(precision_name(Precision::int16) == "int16");
  CHECK(precision_name(Precision::fp32) == "fp32");
  CHECK_FALSE(precision_from_name("int4"));
  CHECK_FALSE(precision_from_name(""));
}

}  // namespace
}  // namespace ridgeline
