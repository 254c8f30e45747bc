#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace ridgeline::cli {

/// What can be seen of a record without reading all of it.
struct RecordStart {
  std::uint64_t point = 0;
  bool failed = false;
};
/// Nothing if the line is no record.
[[nodiscard]] std::optional<RecordStart> record_start(std::string_view line);

/// One whole line of a file, without its line feed.
struct FileLine {
  std::int64_t offset = 0;
  std::string_view text{};
  std::int64_t number = 0;  ///< from 1
};
/// Calls `visit` for each whole line of the file, from its beginning. @return where the last one
/// ends, which is not the file's end if it was torn.
/// @throws InputError naming `path` if it cannot be read
std::int64_t visit_lines(int file, const std::filesystem::path& path,
                         const std::function<void(const FileLine&)>& visit);

}  // namespace ridgeline::cli
