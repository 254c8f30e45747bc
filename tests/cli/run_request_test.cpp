#include "sim/cli/run_request.hpp"

#include <catch2/catch.hpp>

#include "sim/hw/job.hpp"
#include "tests/cli/program_runner.hpp"

namespace ridgeline::cli {
namespace {

using Catch::Matchers::Contains;

/// Keeps what this process prints while it lives.
class CapturedOutput {
 public:
  explicit CapturedOutput(const std::filesystem::path& file) : file_(file) {
    const int to = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(to, STDOUT_FILENO);
    ::close(to);
  }
  CapturedOutput(const CapturedOutput&) = delete;
  CapturedOutput& operator=(const CapturedOutput&) = delete;
  ~CapturedOutput() { stop(); }
  std::string stop() {
    if (before_ >= 0) {
      ::dup2(before_, STDOUT_FILENO);
      ::close(before_);
      before_ = -1;
    }
    return bytes_of_file(file_);
  }

 private:
  std::filesystem::path file_;
  int before_ = ::dup(STDOUT_FILENO);
};

TEST_CASE("A run whose output differs from the reference names the layer, and is exit code 1") {
  const ScratchFolder scratch;
  Command command{.name = "run",
                  .summary = "",
                  .usage = {},
                  .description = "",
                  .options = run_options(true),
                  .examples = {},
                  .run = nullptr};
  const std::vector<std::string> words{"--arch",    "squeezelerator_8x8",
                                       "--network", "squeezenext:width=0.5,blocks=1-1-1-1,input=64",
                                       "--format",  "text",
                                       "--out",     scratch.path() / "out"};
  RunRequest request = read_run_request(Arguments(command, words));
  request.options.fault = [](std::vector<sim::LayerJob>& jobs, std::span<std::byte> memory) {
    memory[static_cast<std::size_t>(jobs[0].filters_address) + 100] ^= std::byte{0x40};
  };
  CapturedOutput captured(scratch.path() / "printed");
  const int code = carry_out(request, &reports::render_check);
  const std::string printed = captured.stop();
  CHECK(code == 1);
  CHECK_THAT(printed, Contains("FAILED  Convolution1: ") && Contains("ofmap[0,"));
  // The reports are whole, and they say so, too.
  CHECK_THAT(bytes_of_file(scratch.path() / "out" /
                           (request.networks[0].network.name + "@squeezelerator_8x8.txt")),
             Contains("FAILED  Convolution1: ") && Contains("bound    check"));
}

}  // namespace
}  // namespace ridgeline::cli
