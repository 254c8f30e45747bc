#include "models/base/expression.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "models/base/error.hpp"
#include "models/base/text.hpp"

namespace ridgeline {
namespace {

constexpr std::size_t kLongest = 1000;  // characters
constexpr std::size_t kDeepest = 64;    // values in flight

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

}  // namespace

/// Recursive descent, a method a level of precedence.
class ExpressionParser {
 public:
  using Step = Expression::Step;

  ExpressionParser(Expression& into, const JsonField& field, std::span<const std::string> names)
      : into_(into), field_(field), names_(names), text_(into.text_) {}

  void parse() {
    either();
    skip_blanks();
    if (at_ < text_.size()) fail("an operator or the end");
  }

 private:
  void either() {
    both();
    while (accept_word("or")) {
      both();
      put([](double x, double y) { return yes(x != 0 || y != 0); }, true);
    }
  }

  void both() {
    comparison();
    while (accept_word("and")) {
      comparison();
      put([](double x, double y) { return yes(x != 0 && y != 0); }, true);
    }
  }

  void comparison() {
    struct Comparison {
      std::string_view symbol;
      double (*apply)(double, double);
    };
    // The longer ones first, as "<" begins "<=".
    static constexpr std::array<Comparison, 6> kComparisons{
        {{"<=", [](double x, double y) { return yes(x <= y); }},
         {">=", [](double x, double y) { return yes(x >= y); }},
         {"==", [](double x, double y) { return yes(x == y); }},
         {"!=", [](double x, double y) { return yes(x != y); }},
         {"<", [](double x, double y) { return yes(x < y); }},
         {">", [](double x, double y) { return yes(x > y); }}}};
    sum();
    for (const Comparison& one : kComparisons) {
      if (!accept(one.symbol)) continue;
      sum();
      put(one.apply, true);
      return;
    }
  }

  void sum() {
    product();
    for (;;) {
      if (accept("+")) {
        product();
        put([](double x, double y) { return x + y; });
      } else if (accept("-")) {
        product();
        put([](double x, double y) { return x - y; });
      } else {
        return;
      }
    }
  }

  void product() {
    factor();
    for (;;) {
      if (accept("*")) {
        factor();
        put([](double x, double y) { return x * y; });
      } else if (accept("/")) {
        factor();
        put([](double x, double y) { return x / y; });
      } else {
        return;
      }
    }
  }

  void factor() {
    if (++depth_ > kDeepest) fail("fewer parentheses and signs");
    if (accept("-")) {
      factor();
      into_.instructions_.push_back({.step = Step::negate});
    } else if (accept("(")) {
      either();
      expect(")");
    } else {
      number_or_name();
    }
    --depth_;
  }

  void number_or_name() {
    skip_blanks();
    const std::size_t begin = at_;
    if (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) {
      double value = 0;
      const char* const end = text_.data() + text_.size();
      const auto [stop, error] = std::from_chars(text_.data() + at_, end, value);
      at_ = static_cast<std::size_t>(stop - text_.data());
      const bool ends = at_ == text_.size() || !is_name_character(text_[at_]);
      if (error != std::errc{} || !ends) {
        at_ = begin;
        fail("a number that a double can hold");
      }
      into_.instructions_.push_back({.step = Step::constant, .constant = value});
      return;
    }
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    const std::string name = text_.substr(begin, at_ - begin);
    if (name.empty()) fail("a number, a name or '('");
    if (name == "min" || name == "max") return function(name);
    variable(name, begin);
  }

  void function(const std::string& name) {
    expect("(");
    either();
    expect(",");
    either();
    expect(")");
    if (name == "min") return put([](double x, double y) { return std::min(x, y); });
    put([](double x, double y) { return std::max(x, y); });
  }

  void variable(const std::string& name, std::size_t begin) {
    if (std::ranges::find(names_, name) == names_.end()) {
      at_ = begin;
      field_.fail(fmt::format("names {}, which is no number here ({})", quoted(name), place()),
                  fmt::format("{}", fmt::join(names_, ", ")), nearest_name(name, names_));
    }
    auto known = std::ranges::find(into_.variables_, name);
    if (known == into_.variables_.end()) known = into_.variables_.insert(known, name);
    const auto index = static_cast<std::size_t>(known - into_.variables_.begin());
    into_.instructions_.push_back({.step = Step::variable, .variable = index});
  }

  void put(double (*apply)(double, double), bool compares = false) {
    into_.instructions_.push_back({.step = Step::binary, .apply = apply, .compares = compares});
  }
  static constexpr double yes(bool truth) { return truth ? 1 : 0; }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  bool accept(std::string_view symbol) {
    skip_blanks();
    if (text_.compare(at_, symbol.size(), symbol) != 0) return false;
    at_ += symbol.size();
    return true;
  }

  /// A word ends where a name would.
  bool accept_word(std::string_view word) {
    const std::size_t begin = at_;
    if (accept(word) && (at_ == text_.size() || !is_name_character(text_[at_]))) return true;
    at_ = begin;
    return false;
  }

  void expect(std::string_view symbol) {
    if (!accept(symbol)) fail(fmt::format("'{}'", symbol));
  }

  [[noreturn]] void fail(const std::string& wanted) {
    skip_blanks();
    const std::string got =
        at_ < text_.size() ? quoted(text_.substr(at_)) : std::string("the end of the text");
    field_.fail(fmt::format("needs {}, got {} ({})", wanted, got, place()),
                "numbers, names, + - * /, min(a, b), max(a, b), < <= > >= == !=, and, or");
  }

  [[nodiscard]] std::string place() const {
    return fmt::format("column {}", count_characters(text_.substr(0, at_)) + 1);
  }
  [[nodiscard]] static std::string quoted(std::string_view text) {
    return fmt::format("'{}'", shortened(text));
  }

  Expression& into_;
  const JsonField& field_;
  std::span<const std::string> names_;
  const std::string& text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

Expression::Expression(const JsonField& field, std::span<const std::string> names)
    : text_(field.text({.min = 1, .max = kLongest})) {
  ExpressionParser(*this, field, names).parse();
}

bool Expression::is_condition() const {
  return instructions_.back().compares;
}

double Expression::value(std::span<const double> values) const {
  // As deep as the parser nests, and one operand more for each level of precedence.
  std::array<double, 5 * kDeepest + 5> stack{};
  std::size_t size = 0;
  for (const Instruction& instruction : instructions_) {
    switch (instruction.step) {
      case Step::constant:
        stack[size++] = instruction.constant;
        break;
      case Step::variable:
        stack[size++] = values[instruction.variable];
        break;
      case Step::negate:
        stack[size - 1] = -stack[size - 1];
        break;
      case Step::binary:
        --size;
        stack[size - 1] = instruction.apply(stack[size - 1], stack[size]);
        break;
    }
  }
  return stack[0];
}

}  // namespace ridgeline
