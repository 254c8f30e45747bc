#pragma once

#include <string_view>

namespace ridgeline {

/// Whether `text` matches the glob `pattern`: `*` is any run of characters, `?` any one.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace ridgeline
