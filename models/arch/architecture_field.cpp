#include "models/arch/architecture_field.hpp"

#include <cassert>

#include "models/arch/field_path.hpp"
#include "models/arch/field_reader.hpp"

namespace ridgeline {
namespace {

struct PathCollector {
  std::string prefix{};
  std::vector<std::string> paths{};

  template <class Member, class... Allowed>
  void operator()(const char* key, const Member& member, const Allowed&... /*allowed*/) {
    if (is_prose(key)) return;
    if constexpr (kIsPart<Member>) {
      const std::string outer = prefix;
      prefix += std::string(key) + ".";
      arch_fields::visit_fields(*this, member);
      prefix = outer;
    } else {
      paths.push_back(prefix + key);
    }
  }
};

std::optional<double> number_of(int member) {
  return member;
}
std::optional<double> number_of(bool member) {
  return member ? 1 : 0;
}
std::optional<double> number_of(double member) {
  return member;
}
std::optional<double> number_of(Hertz member) {
  return member.count() / 1e6;
}
template <class Unit>
std::optional<double> number_of(Quantity<Unit, std::int64_t> member) {
  return static_cast<double>(member.count());
}
template <class Member>
std::optional<double> number_of(const Member& /*a name, a list or a table*/) {
  return std::nullopt;
}

/// The one value there is, whatever the key.
struct SingleValue {
  JsonField value;
  [[nodiscard]] const JsonField& at(std::string_view) const { return value; }
  [[nodiscard]] std::optional<JsonField> find(std::string_view) const { return value; }
};

}  // namespace

const std::vector<std::string>& field_paths() {
  static const std::vector<std::string> paths = [] {
    PathCollector collector;
    const Architecture arch;
    arch_fields::visit_fields(collector, arch);
    return collector.paths;
  }();
  return paths;
}

FieldValue read_field(std::string_view path, const JsonField& value,
                      const ArchitectureLookup& lookup) {
  FieldValue read;
  const SingleValue object{value};
  visit_field(Architecture{}, path,
              [&](const char* key, const auto& member, const auto&... allowed) {
                auto copy = member;
                field_reading::FieldReader<SingleValue>{.object = object, .lookup = lookup}(
                    key, copy, allowed...);
                read.value = copy;
              });
  return read;
}

void set_field(Architecture& arch, std::string_view path, const FieldValue& value) {
  [[maybe_unused]] const bool found =
      visit_field(arch, path, [&](const char*, auto& member, const auto&...) {
        member = std::any_cast<std::remove_reference_t<decltype(member)>>(value.value);
      });
  assert(found);
}

std::optional<double> field_number(const Architecture& arch, std::string_view path) {
  std::optional<double> number;
  visit_field(arch, path,
              [&](const char*, const auto& member, const auto&...) { number = number_of(member); });
  return number;
}

}  // namespace ridgeline
