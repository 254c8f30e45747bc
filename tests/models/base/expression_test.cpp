#include "models/base/expression.hpp"

#include <catch2/catch.hpp>

#include "models/base/error.hpp"

using namespace ridgeline;

namespace {

const std::vector<std::string> kNames{"arch.rows", "pes", "or_else"};

JsonValue text_value(const std::string& text) {
  return {.data = text, .file = std::make_shared<const std::string>("spec.json")};
}

/// With arch.rows = 3, pes = 10 and or_else = 0.
double value_of(const std::string& text) {
  const JsonValue value = text_value(text);
  const Expression expression(JsonField(value, "/constraints/0"), kNames);
  std::vector<double> values;
  for (const std::string& name : expression.variables()) {
    values.push_back(name == "pes" ? 10 : name == "arch.rows" ? 3 : 0);
  }
  return expression.value(values);
}

std::string problem_of(const std::string& text) {
  try {
    return std::to_string(value_of(text));
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("Expressions follow the usual precedence", "[expression]") {
  CHECK(value_of("1 + 2 * 3 - 4 / 2") == 5);
  CHECK(value_of("(1 + 2) * -3") == -9);
  CHECK(value_of("8 - 3 - 2") == 3);
  CHECK(value_of("arch.rows*arch.rows+pes") == 19);
  CHECK(value_of("min(pes, 4) + max(1, arch.rows)") == 7);
  CHECK(value_of("1.5e3 / pes") == 150);
  CHECK(value_of("pes <= 10 and arch.rows != 3 or pes > 9") == 1);
  CHECK(value_of("pes < 10 or arch.rows >= 4") == 0);
  CHECK(value_of("or_else == 0") == 1);
}

TEST_CASE("Wrong expressions say where they stop making sense", "[expression]") {
  const auto says = [](const std::string& text, const std::string& part) {
    INFO(text << " -> " << problem_of(text));
    CHECK(problem_of(text).find(part) != std::string::npos);
    CHECK(problem_of(text).find("spec.json: /constraints/0: ") == 0);
  };
  says("pes <=", "the end of the text (column 7)");
  says("pes + * 3", "got '* 3' (column 7)");
  says("(pes", "needs ')'");
  says("pes 3", "needs an operator or the end, got '3'");
  says("pess < 3", "names 'pess'");
  says("pess < 3", "did you mean 'pes'?");
  says("min(pes)", "needs ','");
  says("1e999", "a number that a double can hold");
  says("3pes", "a number that a double can hold");
  says("1 < 2 < 3", "needs an operator or the end");
  says(std::string(200, '('), "fewer parentheses");
  says("", "must not be so short");
}

TEST_CASE("The deepest expressions that are taken work", "[expression]") {
  std::string text = "1";
  for (int depth = 0; depth < 30; ++depth) text = "(0==1 or 1==1 and 0<1+1*" + text + ")";
  CHECK(value_of(text) == 1);
}
