#include "sim/cli/sweep/record_lines.hpp"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>

#include "reports/format.hpp"
#include "sim/cli/options.hpp"

namespace ridgeline::cli {

std::optional<RecordStart> record_start(std::string_view line) {
  constexpr std::string_view kBegin = R"({"point":)", kFailed = R"(,"failed":")";
  if (!line.starts_with(kBegin) || !line.ends_with('}')) return std::nullopt;
  RecordStart start;
  const char* const end = line.data() + line.size();
  const auto [stop, error] = std::from_chars(line.data() + kBegin.size(), end, start.point);
  if (error != std::errc{} || stop == end || *stop != ',') return std::nullopt;
  // Quotes inside strings are escaped, so this is the key.
  start.failed = line.find(kFailed) != std::string_view::npos;
  return start;
}

std::int64_t visit_lines(int file, const std::filesystem::path& path,
                         const std::function<void(const FileLine&)>& visit) {
  constexpr std::size_t kChunk = std::size_t{1} << 18;
  std::string buffer;
  FileLine line;
  for (std::int64_t read_to = 0;;) {
    const std::size_t kept = buffer.size();
    buffer.resize(kept + kChunk);
    const ssize_t got = ::pread(file, buffer.data() + kept, kChunk, read_to);
    if (got < 0 && errno != EINTR) {
      fail(reports::printable(path.string()),
           "cannot be read: " + std::generic_category().message(errno));
    }
    const auto more = static_cast<std::size_t>(got < 0 ? 0 : got);
    buffer.resize(kept + more);
    if (got == 0) return line.offset;
    read_to += static_cast<std::int64_t>(more);
    std::size_t begin = 0;
    for (std::size_t end = buffer.find('\n', kept); end != std::string::npos;
         end = buffer.find('\n', begin)) {
      line.text = std::string_view(buffer).substr(begin, end - begin);
      ++line.number;
      visit(line);
      line.offset += static_cast<std::int64_t>(end + 1 - begin);
      begin = end + 1;
    }
    buffer.erase(0, begin);
  }
}

}  // namespace ridgeline::cli
