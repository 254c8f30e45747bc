#include "sim/cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

#include "reports/format.hpp"
#include "sim/cli/descriptor.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/staged_files.hpp"

namespace ridgeline::cli {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) {
  return std::generic_category().message(error);
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

int write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

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
  StagedFiles staged;
  for (const bool special : {false, true}) {
    for (const OutputFile& file : files) {
      if (is_special(file.path) == special) staged.add(file.path).write(file.bytes);
    }
    staged.complete();
  }
  staged.commit();
}

void write_reports(std::span<const OutputFile> files) {
  write_files(files);
  for (const OutputFile& file : files) {
    say(fmt::format("wrote {}", reports::printable(file.path.string())));
  }
}

}  // namespace ridgeline::cli
