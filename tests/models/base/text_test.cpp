#include "models/base/text.hpp"

#include <catch2/catch.hpp>

using namespace ridgeline;

TEST_CASE("UTF-8 characters are as long as RFC 3629 says, and nothing else is a character",
          "[text]") {
  CHECK(utf8_length("a", 0) == 1);
  CHECK(utf8_length(std::string_view("\0", 1), 0) == 1);
  CHECK(utf8_length("\xC2\x80", 0) == 2);
  CHECK(utf8_length("\xE0\xA0\x80", 0) == 3);
  CHECK(utf8_length("\xED\x9F\xBF", 0) == 3);
  CHECK(utf8_length("\xF0\x90\x80\x80", 0) == 4);
  CHECK(utf8_length("\xF4\x8F\xBF\xBF", 0) == 4);
  for (const char* bad :
       {"", "\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xE2\x82", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    CHECK(utf8_length(bad, 0) == 0);
  }
}

TEST_CASE("Control characters are C0, DEL and C1", "[text]") {
  for (const char* control : {"\x01", "\x1f", "\n", "\x7f", "\xC2\x80", "\xC2\x9F"}) {
    CHECK(is_control(control, 0));
    CHECK_FALSE(is_plain_text(control));
  }
  for (const char* plain : {" ", "~", "\xC2\xA0", "\xE2\x82\xAC"}) {
    CHECK_FALSE(is_control(plain, 0));
    CHECK(is_plain_text(plain));
  }
  CHECK_FALSE(is_plain_text("\xFF"));
}

TEST_CASE("A text for a message is cut between characters and escapes what a terminal obeys",
          "[text]") {
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("abcd", 3) == "abc...");
  CHECK(shortened("\xE2\x82\xAC\xE2\x82\xAC", 1) == "\xE2\x82\xAC...");
  CHECK(shortened("\x1b[2J\xC2\x9B\xFF") == "\\u001b[2J\\u009b\\xff");
  CHECK(count_characters("a\xE2\x82\xAC\xFF") == 3);
}

TEST_CASE("Lines and columns count from one, columns in characters", "[text]") {
  CHECK(line_and_column("ab", 0) == "line 1, column 1");
  CHECK(line_and_column("ab\ncd", 4) == "line 2, column 2");
  CHECK(line_and_column("\n\xE2\x82\xAC"
                        "b",
                        4) == "line 2, column 2");
  CHECK(line_and_column("ab", 99) == "line 1, column 3");
}
