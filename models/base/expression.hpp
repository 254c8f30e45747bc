#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/json_reader.hpp"

/// Arithmetic and comparisons that people write in files, "pe_array.rows * pe_array.cols <= 256":
/// numbers, names (letters, digits, '_' and '.'), + - * /, parentheses, min(a, b) and max(a, b),
/// < <= > >= == !=, and, or. All values are doubles; a comparison is 1 or 0. Comparisons do not
/// chain. x / 0 is what IEEE 754 says.
namespace ridgeline {

class Expression {
 public:
  /// @throws InputError at `field` that says where in the text it stops making sense, or which name
  /// is not among `names`, with the nearest one.
  Expression(const JsonField& field, std::span<const std::string> names);

  [[nodiscard]] const std::string& text() const { return text_; }
  /// The names it uses, each once, in the order of first use.
  [[nodiscard]] const std::vector<std::string>& variables() const { return variables_; }
  /// Whether it compares, so that its value is yes or no.
  [[nodiscard]] bool is_condition() const;
  /// `values` of variables(), in their order.
  [[nodiscard]] double value(std::span<const double> values) const;

 private:
  friend class ExpressionParser;

  enum class Step : unsigned char { constant, variable, negate, binary };
  /// Reverse Polish: operands before what is done with them.
  struct Instruction {
    Step step = Step::constant;
    double constant = 0;
    std::size_t variable = 0;
    double (*apply)(double, double) = nullptr;  ///< of a binary one
    bool compares = false;                      ///< its value is yes or no
  };

  std::string text_;
  std::vector<std::string> variables_;
  std::vector<Instruction> instructions_;
};

}  // namespace ridgeline
