#include <string>
#include <vector>

#include "sim/cli/program.hpp"

// libsystemc refers to it; the program's own main comes first. See SystemC 2.3.4, sc_main.cpp.
extern "C" int sc_main(int /*argc*/, char** /*argv*/) {
  return 0;
}

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return ridgeline::cli::run_program(words);
}
