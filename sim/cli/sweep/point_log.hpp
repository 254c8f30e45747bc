#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "sim/cli/descriptor.hpp"

/// The records of a sweep on disk, a line of JSON a point, in the order in which they came. Lines
/// are only ever appended, each by one write, so that whoever is killed loses at most the line that
/// it was writing; that one is taken off by the next who appends.
namespace ridgeline::cli {

class PointLog {
 public:
  /// Opens or makes the file. @throws InputError if another process has it open for appending, if
  /// it cannot be read or written, or if it holds lines that are no records.
  explicit PointLog(std::filesystem::path path);

  /// Points that it had when it was opened, ascending.
  [[nodiscard]] const std::vector<std::uint64_t>& done() const { return done_; }
  /// How many of those failed.
  [[nodiscard]] std::uint64_t failed_before() const { return failed_; }
  /// `line` ends with a line feed. @throws InputError if it cannot be written; what was written of
  /// it is taken off again.
  void append(std::string_view line);
  /// Waits until everything is on the disk.
  void sync();

 private:
  void read_done();

  std::filesystem::path path_;
  Descriptor file_;
  std::vector<std::uint64_t> done_;
  std::uint64_t failed_ = 0;
  std::int64_t size_ = 0;
};

}  // namespace ridgeline::cli
