#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "models/input/pixels.hpp"

namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using namespace std::string_literals;

Pixels decode(const std::string& bytes) {
  return decode_ppm({"cat.ppm", bytes});
}

std::string message(const std::string& bytes) {
  try {
    (void)decode(bytes);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_CASE("A PPM of one byte a value is read row by row, its header with comments") {
  const Pixels pixels =
      decode("P6 # a comment\n#another\n 2\t1 #W H\r\n255\n\x01\x02\x03\xFF\x00\x80"s);
  CHECK(pixels == Pixels{.width = 2, .height = 1, .values = {1, 2, 3, 255, 0, 128}});
}

TEST_CASE("A PPM of two bytes a value has the higher one first") {
  const Pixels pixels = decode("P6\n1 1\n256\n\x01\x00\x00\x02\x00\xFF"s);
  CHECK(pixels == Pixels{.width = 1, .height = 1, .largest = 256, .values = {256, 2, 255}});
}

TEST_CASE("A PGM has one channel, and data may begin with what looks like a comment") {
  CHECK(decode("P5 3 1 99 #\n\x63"s) ==
        Pixels{.width = 3, .height = 1, .channels = 1, .largest = 99, .values = {35, 10, 99}});
}

TEST_CASE("What is wrong with a PPM is said, before memory is asked for") {
  CHECK_THAT(message("P3\n1 1\n255\n1 2 3"), Contains("cat.ppm: is not a binary PPM"));
  CHECK_THAT(message("P6\n0 1\n255\n"),
             Contains("0x1") && Contains("allowed: 1 to 67108864 pixels"));
  CHECK_THAT(message("P6\n100000 100000\n255\n"), Contains("100000x100000"));
  CHECK_THAT(message("P6\n8000 8000\n255\nab"), Contains("has 2 bytes") && Contains("192000000"));
  CHECK_THAT(message("P6\n1 1\n255\nabcd"), Contains("has 4 bytes after its header; allowed: 3 "));
  CHECK_THAT(message("P6\n1 1\n65536\nabc"), Contains("largest value is over 65535"));
  CHECK_THAT(message("P6\n1 1\n0\nabc"), Contains("largest value is 0"));
  CHECK_THAT(message("P6\n1 1\n100\nabe"), Contains("value 2 is 101; allowed: 0 to 100"));
  CHECK_THAT(message("P6\n1 x"), Contains("has no height"));
  CHECK_THAT(message("P6\n1 # no end"), Contains("has no height"));
  CHECK_THAT(message("P6\n99999999999999999999 1\n"), Contains("width is over"));
  CHECK_THAT(message("P6\n1 1\n255"), Contains("no blank after its header"));
}

}  // namespace
}  // namespace ridgeline
