#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// Running the built program as a user would, in a folder of its own.
namespace ridgeline {

/// A network of few MACs: the quickest of those that ship.
inline const std::string kQuickNetwork = "squeezenext:width=0.5,blocks=1-1-1-1,input=64";

/// A new folder that goes away with its owner.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ridgeline-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch folder: " + name);
    path_ = name;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes a file into the folder.
  void put(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }

 private:
  std::filesystem::path path_;
};

/// A variable of the environment, put back at the end.
class EnvironmentVariable {
 public:
  EnvironmentVariable(const char* name, const char* value) : name_(name) {
    if (const char* now = std::getenv(name)) before_ = now;
    ::setenv(name, value, 1);
  }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;
  ~EnvironmentVariable() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

inline std::string bytes_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Where the program's standard output leads.
enum class Output { captured, closed, full_device, abandoned_pipe };

struct ProgramSetting {
  Output output = Output::captured;
  bool standard_input_closed = false;
  rlim_t largest_file = RLIM_INFINITY;  ///< bytes that the program may write into one file
};

struct Finished {
  int code = -1;  ///< exit code; -1 if a signal ended the program
  std::string out, err;
};

/// Only calls what a forked child may call.
[[noreturn]] inline void become_program(const std::filesystem::path& folder,
                                        std::vector<char*>& words, const ProgramSetting& setting) {
  constexpr int kCannotStart = 125;
  if (::chdir(folder.c_str()) != 0) ::_exit(kCannotStart);
  const int err = ::open(".stderr", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  int out = -1;
  int pipe_ends[2];
  if (setting.output == Output::full_device) {
    out = ::open("/dev/full", O_WRONLY);
  } else if (setting.output == Output::abandoned_pipe) {
    if (::pipe(pipe_ends) != 0) ::_exit(kCannotStart);
    ::close(pipe_ends[0]);
    out = pipe_ends[1];
  } else {
    out = ::open(".stdout", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  }
  if (::dup2(out, STDOUT_FILENO) < 0 || ::dup2(err, STDERR_FILENO) < 0) ::_exit(kCannotStart);
  ::close(out);
  ::close(err);
  if (setting.output == Output::closed) ::close(STDOUT_FILENO);
  if (setting.standard_input_closed) ::close(STDIN_FILENO);
  if (setting.largest_file != RLIM_INFINITY) {
    const rlimit limit{setting.largest_file, setting.largest_file};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ::execv(words[0], words.data());
  ::_exit(kCannotStart);
}

inline Finished run_program_in(const std::filesystem::path& folder,
                               std::vector<std::string> arguments,
                               const ProgramSetting& setting = {}) {
  arguments.insert(arguments.begin(), RIDGELINE_PROGRAM);
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) become_program(folder, words, setting);
  int status = 0;
  ::waitpid(child, &status, 0);
  Finished finished;
  if (WIFEXITED(status)) finished.code = WEXITSTATUS(status);
  finished.out = bytes_of_file(folder / ".stdout");
  finished.err = bytes_of_file(folder / ".stderr");
  std::filesystem::remove(folder / ".stdout");
  std::filesystem::remove(folder / ".stderr");
  return finished;
}

/// Names of everything below a folder, hidden files too.
inline std::vector<std::string> names_below(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    names.push_back(std::filesystem::relative(entry.path(), folder).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace ridgeline
