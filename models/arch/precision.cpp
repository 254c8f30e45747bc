#include "models/arch/precision.hpp"

#include <array>

namespace ridgeline {
namespace {

constexpr std::array kAll{Precision::int8, Precision::int16, Precision::fp32};

}  // namespace

std::string_view precision_name(Precision precision) {
  switch (precision) {
    case Precision::int8:
      return "int8";
    case Precision::int16:
      return "int16";
    case Precision::fp32:
      break;
  }
  return "fp32";
}

std::optional<Precision> precision_from_name(std::string_view name) {
  for (const Precision precision : kAll) {
    if (precision_name(precision) == name) return precision;
  }
  return std::nullopt;
}

}  // namespace ridgeline
