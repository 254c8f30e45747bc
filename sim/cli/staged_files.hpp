#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <string_view>

#include "sim/cli/descriptor.hpp"

/// Files that take their names together, when all are complete on the disk, or not at all. Until
/// then each has a temporary name in its own folder. Devices and pipes, which must not be replaced
/// by files, are written directly. All that fails throws InputError with the path and the reason.
namespace ridgeline::cli {

/// One of them. Pieces gather in a buffer; memory does not grow with the file.
class StagedFile {
 public:
  explicit StagedFile(std::filesystem::path path);
  StagedFile(const StagedFile&) = delete;
  StagedFile& operator=(const StagedFile&) = delete;
  ~StagedFile();

  void write(std::string_view bytes);
  /// The name that it has for now, for others who write it; empty for devices and pipes.
  [[nodiscard]] const std::string& temporary() const { return temporary_; }

 private:
  friend class StagedFiles;
  friend bool write_new_file(const std::filesystem::path& path, std::string_view bytes);
  void flush();
  /// Everything is on the disk; nothing more is written.
  void complete();
  void move_to_place();

  std::filesystem::path path_;   ///< as it was asked for
  std::filesystem::path place_;  ///< behind links
  std::string temporary_{};
  Descriptor file_{};
  std::string buffer_{};
};

class StagedFiles {
 public:
  /// @throws InputError for a path that cannot be written to
  StagedFile& add(const std::filesystem::path& path);
  /// Brings what has been written so far to the disk; those files take no more.
  void complete();
  /// Completes all and gives them their names.
  void commit();

 private:
  std::deque<StagedFile> files_;
};

/// Writes a file as a whole under a name that nothing has yet. @return false if something has it,
/// which then stays as it is
[[nodiscard]] bool write_new_file(const std::filesystem::path& path, std::string_view bytes);

/// Whether a file of this name is one of those that are not complete.
[[nodiscard]] bool is_temporary_name(std::string_view name);
/// Removes temporary files that processes which were killed have left in the folder. No other
/// process may be writing there.
void remove_leftovers(const std::filesystem::path& folder);

/// Whether it is there and not a file: a device or a pipe.
[[nodiscard]] bool is_special(const std::filesystem::path& path);

}  // namespace ridgeline::cli
