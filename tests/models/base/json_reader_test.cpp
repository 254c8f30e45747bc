#include "models/base/json_reader.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <limits>

#include "models/base/error.hpp"

using namespace ridgeline;

namespace {

SourceText file(std::string text) {
  return {.path = "f.json", .text = std::move(text)};
}

template <class Read>
InputProblem problem_of(const Read& read) {
  try {
    static_cast<void>(read());
  } catch (const InputError& error) {
    return error.problem();
  }
  FAIL("no error");
  return {};
}

InputProblem parse_problem(const std::string& text, const JsonLimits& limits = {}) {
  return problem_of([&] { return parse_json(file(text), limits); });
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

struct SyntaxCase {
  std::string text;
  std::string place;
  std::string what;  ///< a part of it
  std::string allowed = "";
};

}  // namespace

TEST_CASE("Text that is not JSON is refused with the place and what was expected", "[json]") {
  const std::string comma_or_brace = "',' or '}'";
  const SyntaxCase cases[] = {
      {"", "", "is empty", "a JSON text"},
      {" \n\t ", "", "is empty", "a JSON text"},
      {"{", "line 1, column 2", "ends too early"},
      {"[1, 2", "line 1, column 6", "ends too early"},
      {"{\"a\":\n \"bc", "line 2, column 5", "ends too early"},
      {"{\"a\": tru", "line 1, column 10", "ends too early"},
      {"{\"a\": 1} x", "line 1, column 10", "at 'x'", "end of input"},
      {"{}\n{}", "line 2, column 1", "unexpected '{'", "end of input"},
      {"{\"a\": 1,}", "line 1, column 9", "no comma may stand before a closing bracket"},
      {"[1,\n]", "line 2, column 1", "no comma may stand before a closing bracket"},
      {"{\"a\" 1}", "line 1, column 6", "unexpected number literal, at '1'", "':'"},
      {"{\"a\": 1 \"b\": 2}", "line 1, column 11", "unexpected string literal", comma_or_brace},
      {"{\"a\": }", "line 1, column 7", "unexpected '}'", "a value"},
      {"{a: 1}", "line 1, column 2", "at 'a'", "a string in double quotes"},
      {"{'a': 1}", "line 1, column 2", "double quotes"},
      {"{ // a\n}", "line 1, column 3", "no comments"},
      {"{ /* a */ }", "line 1, column 3", "no comments"},
      {"# a\n{}", "line 1, column 1", "no comments"},
      {"{\"a\": NaN}", "line 1, column 7", "finite, at 'NaN'"},
      {"{\"a\": nan}", "line 1, column 8", "finite, at 'nan'"},
      {"{\"a\": -Infinity}", "line 1, column 8", "finite, at 'Infinity'"},
      {"{\"a\": 1e999}", "line 1, column 11", "a number is too large, at '1e999'"},
      {"{\"a\": True}", "line 1, column 7", "true is written in lower case"},
      {"{\"a\": 01}", "line 1, column 8", "no leading zeros, at '01'"},
      {"{\"a\": 0x10}", "line 1, column 8", "at '0x10'", comma_or_brace},
      {"{\"a\": +1}", "line 1, column 7", "at '+'"},
      {"{\"a\": .5}", "line 1, column 7", "at '.'"},
      {"{\"a\": 5.}", "line 1, column 9", "invalid number", "digit after '.'"},
      {"{\"a\": \"\\q\"}", "line 1, column 9", "forbidden character after backslash"},
      {"{\"a\": \"\\'\"}", "line 1, column 9", "forbidden character after backslash"},
      {"{\"a\": \"b\nc\"}", "line 1, column 9", "must be escaped"},
      {"{\"a\": \"\\ud800\"}", "line 1, column 14", "surrogate"},
      {"{\"\xE2\x82\xAC\": +}", "line 1, column 7", "at '+'"},
      {"{\"a\": \"\xFF\"}", "line 1, column 8", "not plain text: byte 0xff"},
      {"{\"a\": \"\xC0\x80\"}", "line 1, column 8", "not plain text: byte 0xc0"},
      {"\x7f"
       "ELF\x02\x01",
       "line 1, column 5", "not plain text: byte 0x02"},
      {std::string("{}\0{}", 5), "line 1, column 3", "not plain text: byte 0x00"},
      {std::string("{\0\"\0", 4), "line 1, column 2", "not plain text: byte 0x00"},
      {"\xEF\xBB\xBF{}", "", "byte order mark"},
      {"\xFF\xFE{", "", "byte order mark"},
      {repeated("[", 100'000), "", "nested too deeply", "up to 64 levels"},
      {repeated("{\"a\":", 100'000), "", "nested too deeply", "up to 64 levels"},
      {"{\"a\": 1, \"a\": 1}", "/a", "appears twice"},
      {"{\"a\": [0, {\"b\": {\"c\": 1, \"\\u0063\": 2}}]}", "/a/1/b/c", "appears twice"},
      {"{\"a/~\": {\"\": 1, \"\": 1}}", "/a~1~0/", "appears twice"},
  };
  for (const SyntaxCase& given : cases) {
    INFO(given.text.substr(0, 60));
    const InputProblem problem = parse_problem(given.text);
    CHECK(problem.file == "f.json");
    CHECK(problem.place == given.place);
    CHECK_THAT(problem.what, Catch::Contains(given.what));
    if (!given.allowed.empty()) CHECK(problem.allowed == given.allowed);
  }
}

TEST_CASE("A message stays short whatever the text holds", "[json]") {
  const std::string million(1'000'000, 'x');
  for (const std::string& text :
       {"{\"a\": \"" + million, "{\"a\": " + million + "}", "{\"" + million + "\": }",
        "{\"" + million + "\": 1, \"" + million + "\": 1}", "{\"a\": 1" + million + "}",
        "{\"a\": 1" + std::string(1000, '0') + "}"}) {
    CHECK(std::string(InputError(parse_problem(text)).what()).size() < 300);
  }
}

TEST_CASE("The limits of nesting, bytes and values let pass what just fits", "[json]") {
  const std::string deep = repeated("[", 64) + repeated("]", 64);
  CHECK_NOTHROW(parse_json(file(deep)));
  CHECK(parse_problem("[" + deep + "]").what == "is nested too deeply");

  const JsonLimits small{.bytes = 7, .depth = 2, .values = 3};
  CHECK_NOTHROW(parse_json(file("[10, 2]"), small));
  CHECK_THAT(parse_problem("[10, 22]", small).what, Catch::Contains("too large, 8 bytes"));
  CHECK(parse_problem("[1,2,3]", small).what == "holds too many values");
  CHECK(parse_problem("[[[]]]", small).what == "is nested too deeply");
  const JsonLimits few{.values = 2};
  CHECK(parse_problem("[[],[]]", few).what == "holds too many values");
}

TEST_CASE("Integers are read as written and refused with the value that was written", "[json]") {
  const auto read = [](const std::string& text, IntegerBounds bounds) {
    const JsonValue value = parse_json(file(text));
    return JsonField(value, "/n").integer(bounds);
  };
  const IntegerBounds any{.min = std::numeric_limits<std::int64_t>::min(),
                          .max = std::numeric_limits<std::int64_t>::max()};
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{-7}, any.min, any.max}) {
    CHECK(read(std::to_string(n), any) == n);
  }
  CHECK(read("-0", any) == 0);
  const std::pair<std::string, std::string> refused[] = {
      {"0", "is out of range, got 0"},
      {"-5", "is out of range, got -5"},
      {"9223372036854775808", "is out of range, got 9223372036854775808"},
      {"-9223372036854775809", "is out of range, got -9223372036854775809"},
      {"18446744073709551616", "out of range, got 18446744073709551616"},
      {"16.0", "must be an integer, without a decimal point or exponent, got 16.0"},
      {"1e3", "without a decimal point or exponent, got 1e3"},
      {"2.5", "got 2.5"},
      {"\"16\"", "must be an integer, got the string \"16\""},
      {"true", "must be an integer, got true"},
      {"null", "must be an integer, got null"},
      {"[16]", "must be an integer, got a list of 1 item"},
      {"{\"a\": 1, \"b\": 2}", "must be an integer, got an object with 2 keys"},
  };
  for (const auto& [text, what] : refused) {
    INFO(text);
    const InputProblem problem =
        problem_of([&, &text = text] { return read(text, {.min = 1, .max = 1024}); });
    CHECK(problem.place == "/n");
    CHECK(problem.allowed == "1 to 1024");
    CHECK_THAT(problem.what, Catch::Contains(what));
  }
}

TEST_CASE("Numbers may be written in any way and lie within the bounds", "[json]") {
  const auto read = [](const std::string& text) {
    const JsonValue value = parse_json(file(text));
    return JsonField(value, "/x").number({.min = 0, .max = 10});
  };
  CHECK(read("0") == 0);
  CHECK(read("10") == 10);
  CHECK(read("1e1") == 10);
  CHECK(read("2.5E-1") == 0.25);
  CHECK(read("1e-400") == 0);
  for (const std::string text : {"-1", "-1e-9", "10.000001", "1e300", "18446744073709551615"}) {
    CHECK(problem_of([&] { return read(text); }).what == "is out of range, got " + text);
  }
  CHECK(problem_of([&] { return read("false"); }).what == "must be a number, got false");
}

TEST_CASE("A name that is not among those allowed is answered with the nearest", "[json]") {
  const std::array<std::string, 2> fabrics{"broadcast", "systolic"};
  const auto read = [&](const std::string& text) {
    const JsonValue value = parse_json(file(text));
    return JsonField(value, "/fabric").one_of(fabrics, "fabric");
  };
  CHECK(read("\"systolic\"") == "systolic");
  const InputProblem problem = problem_of([&] { return read("\"systolik\""); });
  CHECK(std::string(InputError(problem).what()) ==
        "f.json: /fabric: must be the name of a fabric, got \"systolik\"; allowed: broadcast, "
        "systolic; did you mean 'systolic'?");
  CHECK(problem_of([&] { return read("\"mesh\""); }).nearest.empty());
  CHECK(problem_of([&] { return read("3"); }).what == "must be the name of a fabric, got 3");
}

TEST_CASE("An unknown key is reported before a missing one, with the nearest key", "[json]") {
  const auto read = [](const std::string& text) {
    const JsonValue value = parse_json(file(text));
    return ObjectReader(JsonField(value), {"rows", "cols"})
        .at("rows")
        .integer({.min = 1, .max = 9});
  };
  CHECK(read(R"({"cols": 1, "rows": 2})") == 2);
  const InputProblem misspelt = problem_of([&] { return read(R"({"rwos": 2})"); });
  CHECK(misspelt.place == "/rwos");
  CHECK(misspelt.what == "unknown key \"rwos\"");
  CHECK(misspelt.allowed == "rows, cols");
  CHECK(misspelt.nearest == "rows");
  const InputProblem missing = problem_of([&] { return read(R"({"cols": 2})"); });
  CHECK(missing.place == "/rows");
  CHECK(missing.what == "this key is missing");
  CHECK(problem_of([&] { return read("[]"); }).what == "must be an object, got a list of 0 items");
}

TEST_CASE("Merging goes into objects, replaces all else, and keeps the file of each value",
          "[json]") {
  JsonValue base =
      parse_json({.path = "base.json", .text = R"({"a": {"x": 1, "y": [1, 2]}, "b": 1})"});
  JsonValue over =
      parse_json({.path = "over.json", .text = R"({"a": {"y": [3], "z": 4}, "c": {}})"});
  const JsonValue both = merged(std::move(base), std::move(over));
  const ObjectReader object(JsonField(both), {"a", "b", "c"});
  const ObjectReader a(object.at("a"), {"x", "y", "z"});
  const IntegerBounds any{.min = 0, .max = 9};
  CHECK(a.at("x").integer(any) == 1);
  CHECK(a.at("x").file() == "base.json");
  CHECK(a.at("y").items({.min = 0, .max = 9}).size() == 1);
  CHECK(a.at("y").file() == "over.json");
  CHECK(a.at("z").integer(any) == 4);
  CHECK(object.at("a").file() == "over.json");
  CHECK(object.at("b").file() == "base.json");
  CHECK(object.at("c").is_object());
}
