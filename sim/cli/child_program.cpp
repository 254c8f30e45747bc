#include "sim/cli/child_program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace ridgeline::cli {
namespace {

std::string all_from(int file) {
  std::string text;
  std::array<char, 65536> part;
  for (ssize_t got = 0; (got = ::read(file, part.data(), part.size())) != 0;) {
    if (got < 0 && errno != EINTR) break;
    if (got > 0) text.append(part.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

std::optional<ChildOutput> output_of(std::vector<std::string> words,
                                     const std::optional<std::filesystem::path>& folder) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  if (folder) ::posix_spawn_file_actions_addchdir_np(&actions, folder->c_str());
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error =
      ::posix_spawnp(&child, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  ChildOutput output;
  int status = 0;
  if (error == 0) {
    output.text = all_from(ends[0]);
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    output.failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  }
  ::close(ends[0]);
  if (error != 0) return std::nullopt;
  return output;
}

}  // namespace ridgeline::cli
