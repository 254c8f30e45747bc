#pragma once

#include <cassert>
#include <string_view>
#include <type_traits>

#include "models/arch/architecture_fields.hpp"

/// Walks to one field of an architecture.
namespace ridgeline {

template <class Member>
inline constexpr bool kIsPart = std::is_same_v<std::remove_const_t<Member>, PeArray> ||
                                std::is_same_v<std::remove_const_t<Member>, GlobalBuffer> ||
                                std::is_same_v<std::remove_const_t<Member>, Dram> ||
                                std::is_same_v<std::remove_const_t<Member>, VectorUnit>;

/// Texts about an architecture, which vary nothing.
[[nodiscard]] constexpr bool is_prose(std::string_view key) {
  return key == "summary" || key == "source" || key == "assumptions";
}

/// Calls visit(key, member, allowed...) for the field at `path` of an Architecture or a part of it,
/// which may be const. @return whether there is such a field
template <class Part, class Visit>
bool visit_field(Part&& part, std::string_view path, const Visit& visit) {
  const std::size_t dot = path.find('.');
  const std::string_view head = path.substr(0, dot);
  const bool last = dot == std::string_view::npos;
  bool found = false;
  const auto walk = [&](const char* key, auto& member, const auto&... allowed) {
    if (found || key != head || is_prose(key)) return;
    if constexpr (kIsPart<std::remove_reference_t<decltype(member)>>) {
      if (!last) found = visit_field(member, path.substr(dot + 1), visit);
    } else if (last) {
      visit(key, member, allowed...);
      found = true;
    }
  };
  arch_fields::visit_fields(walk, part);
  return found;
}

}  // namespace ridgeline
