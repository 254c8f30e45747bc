#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>

#include "models/base/error.hpp"
#include "models/input/npy.hpp"

namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using namespace std::string_literals;

std::string dictionary(const std::string& type, const std::string& shape, bool fortran = false) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + shape + ", }";
}

std::string file(const std::string& header, const std::string& data, int major = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(major);
  bytes += '\0';
  std::size_t length = header.size();
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i, length >>= 8)
    bytes += static_cast<char>(length & 0xFF);
  return bytes + header + data;
}

template <class... Words>
std::string raw(Words... words) {
  std::string bytes;
  const auto put = [&](auto word) {
    char held[sizeof word];
    std::memcpy(held, &word, sizeof word);
    bytes.append(held, sizeof word);
  };
  (put(words), ...);
  return bytes;
}

std::vector<float> values_of(const std::string& type, const std::string& data) {
  return parse_npy({"x.npy", file(dictionary(type, "(2,)"), data)}).values;
}

std::string message(const std::string& bytes) {
  try {
    (void)parse_npy({"x.npy", bytes});
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_CASE("NumPy files of every numeric type and byte order are read as floats") {
  using Values = std::vector<float>;
  CHECK(values_of("<f4", raw(1.5F, -2.0F)) == Values{1.5F, -2});
  CHECK(values_of("=f4", raw(1.5F, -2.0F)) == Values{1.5F, -2});
  CHECK(values_of(">f4", "\x3F\xC0\x00\x00\xC0\x00\x00\x00"s) == Values{1.5F, -2});
  CHECK(values_of("<f8", raw(0.1, -1e300)) ==
        Values{0.1F, -std::numeric_limits<float>::infinity()});
  CHECK(values_of("|i1", raw(std::int8_t{-128}, std::int8_t{127})) == Values{-128, 127});
  CHECK(values_of("|u1", raw(std::uint8_t{0}, std::uint8_t{255})) == Values{0, 255});
  CHECK(values_of("|b1", "\x01\x00"s) == Values{1, 0});
  CHECK(values_of("<i2", raw(std::int16_t{-32768}, std::int16_t{5})) == Values{-32768, 5});
  CHECK(values_of(">u2", "\xFF\xFE\x00\x01"s) == Values{65534, 1});
  CHECK(values_of("<i4", raw(std::int32_t{-7}, std::int32_t{1 << 30})) == Values{-7, 1 << 30});
  CHECK(values_of("<u4", raw(std::uint32_t{0xFFFFFFFF}, std::uint32_t{1})) ==
        Values{4294967295.0F, 1});
  CHECK(values_of("<i8", raw(std::int64_t{-1}, INT64_MIN)) == Values{-1, -9223372036854775808.0F});
  CHECK(values_of("<u8", raw(UINT64_MAX, std::uint64_t{3})) == Values{18446744073709551616.0F, 3});
  // binary16: 1, -2, the smallest and largest, the infinities
  CHECK(values_of("<f2", "\x00\x3C\x00\xC0"s) == Values{1, -2});
  CHECK(values_of("<f2", "\x01\x00\xFF\x7B"s) == Values{std::ldexp(1.0F, -24), 65504});
  CHECK(values_of("<f2", "\x00\x7C\x00\xFC"s) == Values{HUGE_VALF, -HUGE_VALF});
  CHECK(std::isnan(values_of("<f2", "\x01\x7C\x00\x00"s)[0]));
  CHECK(std::isnan(values_of("<f8", raw(std::nan(""), 0.0))[0]));
}

TEST_CASE("NumPy files of all three versions, keys in any order, are read") {
  for (const int major : {1, 2, 3}) {
    const NpyArray array = parse_npy(
        {"x.npy", file(" { \"shape\":( 2 ,1L,3),'fortran_order' :False,'descr':'|u1'}  \n",
                       "abcdef", major)});
    CHECK(array.shape == std::vector<std::int64_t>{2, 1, 3});
    CHECK(array.values == std::vector<float>{97, 98, 99, 100, 101, 102});
  }
  CHECK(parse_npy({"x.npy", file(dictionary("|u1", "()"), "a")}).values.size() == 1);
  CHECK(parse_npy({"x.npy", file(dictionary("|u1", "(3, 0, 2147483647)"), "")}).values.empty());
}

TEST_CASE("Fortran order is turned into C order") {
  // numpy.asfortranarray([[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]])
  const std::string data = "\x00\x06\x03\x09\x01\x07\x04\x0A\x02\x08\x05\x0B"s;
  const NpyArray array = parse_npy({"x.npy", file(dictionary("|u1", "(2, 2, 3)", true), data)});
  std::vector<float> counted(12);
  for (std::size_t i = 0; i < counted.size(); ++i) counted[i] = static_cast<float>(i);
  CHECK(array.values == counted);
}

TEST_CASE("What is wrong with a NumPy file is said, before memory is asked for") {
  const std::string good = file(dictionary("<f4", "(1,)"), "abcd");
  CHECK(message(good) == "accepted");
  for (std::size_t size = 0; size < good.size(); ++size) {
    INFO(size);
    CHECK(message(good.substr(0, size)) != "accepted");
  }
  CHECK_THAT(message(good + "e"), Contains("holds 5 bytes of data; allowed: 4,"));
  CHECK_THAT(message("PK\x03\x04"), Contains("x.npy: is not a NumPy file"));
  CHECK_THAT(message(file(dictionary("<f4", "(1,)"), "abcd", 4)),
             Contains("version 4.0; allowed: 1.0, 2.0, 3.0"));
  for (const char* type :
       {"<c8", "|O", "<U3", "f4", "<f3", "<f16", "|S1", "[('a', '<f4')]", "< f4"}) {
    INFO(type);
    CHECK_THAT(message(file(dictionary(type, "(1,)"), "abcd")), Contains("x.npy: "));
    CHECK(message(file(dictionary(type, "(1,)"), "abcd")) != "accepted");
  }
  CHECK_THAT(message(file(dictionary("<f4", "(2147483647, 2)"), "")),
             Contains("too many elements; allowed: up to 2147483647"));
  CHECK_THAT(message(file(dictionary("<f4", "(99999999999999999999,)"), "")),
             Contains("extent is too large"));
  CHECK_THAT(message(file(dictionary("<f8", "(2147483647,)"), "")), Contains("17179869176"));
  CHECK_THAT(message(file(dictionary("<f4", "(-1,)"), "")), Contains("allowed: an extent"));
  CHECK_THAT(message(file(dictionary("<f4", "(1 1)"), "abcd")), Contains("allowed: ','"));
  CHECK_THAT(message(file("{'descr': '<f4', 'shape': (1,)}", "abcd")),
             Contains("a key is missing"));
  CHECK_THAT(message(file("{'descr': '<f4', 'descr': '<f4'}", "abcd")), Contains("there twice"));
  CHECK_THAT(message(file("{'descr': '<f4', 'x': 1}", "abcd")), Contains("key 'x'"));
  CHECK_THAT(message(file(dictionary("<f4", "(1,)") + "x", "abcd")), Contains("nothing more"));
}

}  // namespace
}  // namespace ridgeline
