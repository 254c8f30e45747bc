#include "models/base/grouped.hpp"

#include <algorithm>

namespace ridgeline {

std::string grouped(std::int64_t value) {
  const std::string digits = std::to_string(value);
  std::string reversed;
  int in_group = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    if (in_group == 3 && *digit != '-') {
      reversed += ',';
      in_group = 0;
    }
    reversed += *digit;
    ++in_group;
  }
  std::ranges::reverse(reversed);
  return reversed;
}

}  // namespace ridgeline
