#include "sim/cli/staged_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <span>
#include <system_error>
#include <vector>

#include "reports/format.hpp"
#include "sim/cli/options.hpp"

namespace ridgeline::cli {
namespace {

namespace fs = std::filesystem;

/// mkostemp puts letters and digits in place of the X.
constexpr const char* kTemporaryName = ".ridgeline-XXXXXX";
constexpr std::size_t kBuffer = std::size_t{1} << 18;

[[noreturn]] void fail_write(const fs::path& path, int error) {
  fail(reports::printable(path.string()),
       "cannot be written: " + std::generic_category().message(error));
}

/// Where a file of this name really goes: a link is followed.
fs::path place_of(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) fail_write(path, EISDIR);
  if (!fs::exists(status)) return path;
  const fs::path real = fs::canonical(path, error);
  return error ? path : real;
}

void remove_all(std::span<const fs::path> files) {
  for (const fs::path& file : files) ::unlink(file.c_str());
}

}  // namespace

bool is_temporary_name(std::string_view name) {
  constexpr std::string_view kName = kTemporaryName;
  return name.size() == kName.size() && name.starts_with(kName.substr(0, kName.find('X')));
}

void remove_leftovers(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> leftovers;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (is_temporary_name(it->path().filename().string())) leftovers.push_back(it->path());
  }
  for (const fs::path& path : leftovers) fs::remove(path, error);
}

bool write_new_file(const fs::path& path, std::string_view bytes) {
  StagedFile file(path);
  file.write(bytes);
  file.complete();
  // A link fails where a rename would replace.
  if (::link(file.temporary().c_str(), path.c_str()) == 0) return true;
  if (errno != EEXIST) fail_write(path, errno);
  return false;
}

bool is_special(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

StagedFile::StagedFile(fs::path path) : path_(std::move(path)), place_(place_of(path_)) {
  if (is_special(path_)) {
    file_ = Descriptor(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
    if (file_.get() < 0) fail_write(path_, errno);
    return;
  }
  const fs::path folder = place_.has_parent_path() ? place_.parent_path() : fs::path(".");
  std::string name = (folder / kTemporaryName).string();
  file_ = Descriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (file_.get() < 0) fail_write(path_, errno);
  temporary_ = std::move(name);
}

StagedFile::~StagedFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void StagedFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBuffer) flush();
}

void StagedFile::flush() {
  const int error = write_all(file_.get(), buffer_);
  // A reader that has gone is no failure; of files there is no such error.
  if (error != 0 && error != EPIPE) fail_write(path_, error);
  buffer_.clear();
}

void StagedFile::complete() {
  if (file_.get() < 0) return;
  flush();
  int error = 0;
  if (!temporary_.empty()) {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(file_.get(), 0666 & ~mask) != 0) error = errno;
    // Some file systems cannot synchronise (EINVAL); that is no failure to write.
    if (error == 0 && ::fsync(file_.get()) != 0 && errno != EINVAL) error = errno;
  }
  if (const int closing = file_.close(); error == 0) error = closing;
  if (error != 0) fail_write(path_, error);
}

void StagedFile::move_to_place() {
  if (::rename(temporary_.c_str(), place_.c_str()) != 0) fail_write(path_, errno);
  temporary_.clear();
}

StagedFile& StagedFiles::add(const fs::path& path) {
  return files_.emplace_back(path);
}

void StagedFiles::complete() {
  for (StagedFile& file : files_) file.complete();
}

void StagedFiles::commit() {
  complete();
  std::vector<fs::path> placed;
  try {
    for (StagedFile& file : files_) {
      if (file.temporary().empty()) continue;
      file.move_to_place();
      placed.push_back(file.place_);
    }
  } catch (...) {
    remove_all(placed);
    throw;
  }
}

}  // namespace ridgeline::cli
