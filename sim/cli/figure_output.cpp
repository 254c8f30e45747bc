#include "sim/cli/figure_output.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include "reports/format.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/output.hpp"

namespace ridgeline::cli {
namespace {

namespace fs = std::filesystem;

/// What a program writes to standard output; nothing if it cannot be started.
struct Drawing {
  std::string svg;
  bool failed = false;
};

std::string all_from(int file) {
  std::string text;
  std::array<char, 65536> part;
  for (ssize_t got = 0; (got = ::read(file, part.data(), part.size())) != 0;) {
    if (got < 0 && errno != EINTR) break;
    if (got > 0) text.append(part.data(), static_cast<std::size_t>(got));
  }
  return text;
}

/// Runs gnuplot on a script in `folder`. Its complaints go to our standard error.
std::optional<Drawing> draw(const fs::path& folder, const std::string& script) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  // A path, so that no name is taken for an option.
  std::vector<std::string> words{"gnuplot", "-e", "to_stdout = 1", "./" + script};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error =
      ::posix_spawnp(&child, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  Drawing drawing;
  int status = 0;
  if (error == 0) {
    drawing.svg = all_from(ends[0]);
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    drawing.failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  }
  ::close(ends[0]);
  if (error != 0) return std::nullopt;
  return drawing;
}

}  // namespace

void write_figures(const std::vector<reports::GnuplotFigure>& figures, const std::string& stem,
                   const fs::path& folder) {
  std::vector<OutputFile> sources, pictures;
  for (const reports::GnuplotFigure& figure : figures) {
    const std::string name = stem + "." + figure.name;
    sources.push_back({folder / (name + ".dat"), figure.data});
    sources.push_back({folder / (name + ".gp"), figure.script});
  }
  write_reports(sources);
  for (const reports::GnuplotFigure& figure : figures) {
    const std::string name = stem + "." + figure.name;
    const std::optional<Drawing> drawing = draw(folder, name + ".gp");
    if (!drawing) {
      fail("--format",
           "svg needs gnuplot, which is not there (Debian: gnuplot-nox); the data and scripts for "
           "it are written");
    }
    if (drawing->failed) fail(reports::printable(name + ".gp"), "gnuplot could not draw this");
    pictures.push_back({folder / (name + ".svg"), drawing->svg});
  }
  write_reports(pictures);
}

}  // namespace ridgeline::cli
