#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ridgeline {

/// 1234567 as "1,234,567".
[[nodiscard]] std::string grouped(std::int64_t value);

/// Whether `text` matches the glob `pattern`: `*` is any run of characters, `?` any one.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace ridgeline
