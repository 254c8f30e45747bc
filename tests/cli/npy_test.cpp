#include "sim/cli/npy.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cstring>

namespace ridgeline::cli {
namespace {

TEST_CASE("A NumPy file has an aligned header and the words times the scale, as float32") {
  Tensor<std::int8_t> tensor({1, 2, 1, 3});
  tensor.data = {-127, 0, 1, 2, 3, 127};
  const std::string bytes = npy_bytes(tensor, {.scale = 0.5});
  REQUIRE(bytes.size() == 128 + 6 * 4);
  CHECK(bytes.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  CHECK(bytes[8] == 118);
  CHECK(bytes[9] == 0);
  const std::string dictionary =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 1, 3), }";
  CHECK(bytes.substr(10, dictionary.size()) == dictionary);
  CHECK(bytes.find_first_not_of(' ', 10 + dictionary.size()) == 127);
  CHECK(bytes[127] == '\n');
  float values[6];
  std::memcpy(values, bytes.data() + 128, sizeof values);
  CHECK(values[0] == -63.5F);
  CHECK(values[2] == 0.5F);
  CHECK(values[5] == 63.5F);
}

TEST_CASE("A header that needs more room stays a multiple of 64 bytes") {
  for (const int N : {1, 10, 1000, 1000000}) {
    const Tensor<float> tensor({N, 1, 1, 1});
    CHECK((npy_bytes(tensor, {}).size() - tensor.data.size() * sizeof(float)) % 64 == 0);
  }
}

TEST_CASE("A NumPy file has the extents and the order of the array that it stands for") {
  Tensor<float> tensor({1, 2, 1, 3});
  tensor.data = {0, 1, 2, 3, 4, 5};
  const auto dictionary = [](const std::string& bytes) {
    return bytes.substr(10, bytes.find('}') - 9);
  };
  const Layout list(std::array<std::int64_t, 1>{6});
  CHECK(dictionary(npy_bytes(tensor, {}, list)) ==
        "{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }");
  const Layout transposed =
      Layout(std::array<std::int64_t, 2>{2, 3}).transposed(std::array<std::size_t, 2>{1, 0});
  const std::string bytes = npy_bytes(tensor, {}, transposed);
  CHECK(dictionary(bytes) == "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }");
  std::array<float, 6> values{};
  std::memcpy(values.data(), bytes.data() + bytes.size() - sizeof values, sizeof values);
  CHECK(values == std::array<float, 6>{0, 3, 1, 4, 2, 5});
}

}  // namespace
}  // namespace ridgeline::cli
