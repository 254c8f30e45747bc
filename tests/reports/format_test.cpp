#include "reports/format.hpp"

#include <catch2/catch.hpp>
#include <vector>

namespace ridgeline::reports {
namespace {

TEST_CASE("A short count has three significant digits, and is exact below a thousand") {
  CHECK(short_count(0) == "0");
  CHECK(short_count(999) == "999");
  CHECK(short_count(1000) == "1.00k");
  CHECK(short_count(1234567) == "1.23M");
  CHECK(short_count(12345678) == "12.3M");
  CHECK(short_count(173408256) == "173M");
  CHECK(short_count(2.5) == "2.50");
  CHECK(short_count(1e20) == "100E");
  CHECK(short_count(1e22) == "10000E");
  CHECK(short_count(-1500) == "-1.50k");
}

TEST_CASE("A short count that rounds up moves to the next unit") {
  CHECK(short_count(9994) == "9.99k");
  CHECK(short_count(9996) == "10.0k");
  CHECK(short_count(99960) == "100k");
  CHECK(short_count(999499) == "999k");
  CHECK(short_count(999500) == "1.00M");
  CHECK(short_count(999.7) == "1.00k");
}

TEST_CASE("A percentage of nothing is zero") {
  CHECK(percent(1, 3) == "33.3");
  CHECK(percent(0, 0) == "0.0");
}

TEST_CASE("Printable text shows what would upset a terminal as bytes") {
  CHECK(printable("fire2/expand3x3") == "fire2/expand3x3");
  CHECK(printable("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(printable("a\nb\tc") == "a\\x0ab\\x09c");
  CHECK(printable("caf\xC3\xA9") == "caf\xC3\xA9");
  CHECK(printable("\xFF\xC3") == "\\xff\\xc3");
  CHECK(printable("\xC2\x9B") == "\\xc2\\x9b");
  CHECK(printable("a\xE2\x80\xAE"
                  "b") == "a\\xe2\\x80\\xaeb");
  CHECK(printable("a\xE2\x81\xA6"
                  "b") ==
        "a\\xe2\\x81\\xa6"
        "b");
  CHECK(printable("\xE2\x82\xAC") == "\xE2\x82\xAC");
}

TEST_CASE("A long name keeps its beginning and its end") {
  CHECK(shortened("stage3/block14/conv1x3", 22) == "stage3/block14/conv1x3");
  CHECK(shortened("stage3/block14/conv1x3x", 22) == "stage3/blo..4/conv1x3x");
  CHECK(shortened("abcdef", 4) == "a..f");
  CHECK(shortened("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 4) == "\xC3\xA9..\xC3\xA9");
}

TEST_CASE("Text wraps at blanks, and a word that is too long stands alone") {
  CHECK(wrapped("one two three", 7, "  ") == "one two\n  three");
  CHECK(wrapped("extraordinary is", 5, "  ") == "extraordinary\n  is");
  CHECK(wrapped("", 5, "  ") == "");
}

TEST_CASE("A CSV field is quoted where RFC 4180 asks for it") {
  CHECK(csv_field("conv1") == "conv1");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("say \"x\"") == "\"say \"\"x\"\"\"");
  CHECK(csv_field("a\nb") == "\"a\nb\"");
  CHECK(csv_record(std::vector<std::string>{"a", "", "b,c"}) == "a,,\"b,c\"\r\n");
}

}  // namespace
}  // namespace ridgeline::reports
