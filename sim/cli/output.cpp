#include "sim/cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "reports/format.hpp"
#include "sim/cli/options.hpp"

namespace ridgeline::cli {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) {
  return std::generic_category().message(error);
}

[[noreturn]] void fail_write(const fs::path& path, int error) {
  fail(reports::printable(path.string()), "cannot be written: " + reason(error));
}

/// Writes everything; 0, or the error that stopped it.
int write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  /// 0, or what went wrong with writes that the system had put off.
  int close() {
    if (fd_ < 0) return 0;
    const int result = ::close(fd_);
    fd_ = -1;
    return result == 0 ? 0 : errno;
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// A complete file under a name of its own, removed unless it is moved to its place.
class Temporary {
 public:
  explicit Temporary(fs::path place) : place_(std::move(place)) {
    const fs::path folder = place_.has_parent_path() ? place_.parent_path() : fs::path(".");
    path_ = (folder / ".ridgeline-XXXXXX").string();
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  Temporary(Temporary&& other) noexcept
      : place_(std::move(other.place_)),
        path_(std::move(other.path_)),
        exists_(std::exchange(other.exists_, false)) {}
  ~Temporary() {
    if (exists_) ::unlink(path_.c_str());
  }

  void write(std::string_view bytes) {
    Descriptor file(::mkostemp(path_.data(), O_CLOEXEC));
    if (file.get() < 0) fail_write(place_, errno);
    exists_ = true;
    const mode_t mask = ::umask(0);
    ::umask(mask);
    int error = write_all(file.get(), bytes);
    if (error == 0 && ::fchmod(file.get(), 0666 & ~mask) != 0) error = errno;
    // Some file systems cannot synchronise (EINVAL); that is no failure to write.
    if (error == 0 && ::fsync(file.get()) != 0 && errno != EINVAL) error = errno;
    if (const int closing = file.close(); error == 0) error = closing;
    if (error != 0) fail_write(place_, error);
  }
  void move_to_place() {
    if (::rename(path_.c_str(), place_.c_str()) != 0) fail_write(place_, errno);
    exists_ = false;
  }
  [[nodiscard]] const fs::path& place() const { return place_; }

 private:
  fs::path place_;
  std::string path_;
  bool exists_ = false;
};

/// Writes to a device or a pipe, which must not be replaced by a file.
void write_directly(const OutputFile& file) {
  Descriptor target(::open(file.path.c_str(), O_WRONLY | O_CLOEXEC));
  if (target.get() < 0) fail_write(file.path, errno);
  const int error = write_all(target.get(), file.bytes);
  if (error != 0 && error != EPIPE) fail_write(file.path, error);
}

/// Where a file of this name really goes (a link is followed); nothing for devices and pipes.
std::optional<fs::path> place_of(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) fail_write(path, EISDIR);
  if (!fs::exists(status)) return path;
  if (!fs::is_regular_file(status)) return std::nullopt;
  const fs::path real = fs::canonical(path, error);
  return error ? path : real;
}

void remove_all(std::span<const fs::path> files) {
  for (const fs::path& file : files) ::unlink(file.c_str());
}

/// A name as part of a file's name: without separators and control characters, not hidden.
std::string file_part(std::string_view name) {
  std::string part = reports::printable(name);
  for (char& c : part) {
    if (c == '/' || c == '\\') c = '_';
  }
  if (part.starts_with('.')) part[0] = '_';
  return part;
}

}  // namespace

void open_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // The lowest free number is taken, so this fills exactly the hole at `fd`.
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_PATH);
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file over the size limit is an error of the write
}

void print(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error != 0 && error != EPIPE) fail("standard output", "cannot be written: " + reason(error));
}

void say(std::string_view message) {
  // Nobody is left to be told if this fails.
  (void)write_all(STDERR_FILENO, fmt::format("ridgeline: {}\n", message));
}

bool watched() {
  return ::isatty(STDERR_FILENO) == 1;
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_directory(folder, error))
    error = std::make_error_code(std::errc::not_a_directory);
  if (error) {
    fail(reports::printable(folder.string()), "this folder cannot be made: " + error.message());
  }
}

std::string report_stem(std::string_view network, std::string_view arch) {
  return file_part(network) + "@" + file_part(arch);
}

void write_files(std::span<const OutputFile> files) {
  std::vector<Temporary> complete;
  std::vector<const OutputFile*> direct;
  for (const OutputFile& file : files) {
    if (const std::optional<fs::path> place = place_of(file.path)) {
      complete.emplace_back(*place).write(file.bytes);
    } else {
      direct.push_back(&file);
    }
  }
  for (const OutputFile* file : direct) write_directly(*file);
  std::vector<fs::path> placed;
  try {
    for (Temporary& file : complete) {
      file.move_to_place();
      placed.push_back(file.place());
    }
  } catch (...) {
    remove_all(placed);
    throw;
  }
}

void write_reports(std::span<const OutputFile> files) {
  write_files(files);
  for (const OutputFile& file : files) {
    say(fmt::format("wrote {}", reports::printable(file.path.string())));
  }
}

}  // namespace ridgeline::cli
