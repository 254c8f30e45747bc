#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program_runner.hpp"

/// Runs of a small network on a small machine, for tests of single options.
namespace ridgeline {

/// `command` with the options `more`.
inline Finished run_quick(const ScratchFolder& scratch, const std::string& command,
                          std::vector<std::string> more,
                          const std::string& network = kQuickNetwork) {
  more.insert(more.begin(), {command, "--arch", "squeezelerator_8x8", "--network", network});
  return run_program_in(scratch.path(), std::move(more));
}

/// The JSON report of a run that succeeds: every layer is as the reference has it.
inline nlohmann::ordered_json quick_report(const ScratchFolder& scratch,
                                           std::vector<std::string> more) {
  more.insert(more.end(), {"--format", "json"});
  const Finished run = run_quick(scratch, "run", std::move(more));
  REQUIRE(run.code == 0);
  return nlohmann::ordered_json::parse(run.out);
}

/// It was refused as wrong input, with `part` in the message and nothing printed.
inline void check_refused(const Finished& run, const std::string& part) {
  INFO(part);
  CHECK(run.code == 2);
  CHECK(run.out.empty());
  CHECK_THAT(run.err, Catch::Matchers::Contains(part));
}

/// A run that is.
inline void check_refused(const ScratchFolder& scratch, const std::vector<std::string>& more,
                          const std::string& part) {
  check_refused(run_quick(scratch, "run", more), part);
}

/// A grey picture of the network's size, 64 x 64; its largest value grows with `gain`.
inline std::string wedge(int gain = 4) {
  std::string ppm = "P5 64 64 255\n";
  for (int i = 0; i < 64 * 64; ++i) ppm += static_cast<char>(i % 64 * gain);
  return ppm;
}

}  // namespace ridgeline
