#include "sim/cli/sweep/stop_flag.hpp"

namespace ridgeline::cli {
namespace {

volatile std::sig_atomic_t stop_asked = 0;

void ask_to_stop(int /*signal*/) {
  stop_asked = 1;
}

}  // namespace

StopFlag::StopFlag() {
  stop_asked = 0;
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  // Calls that wait end with EINTR, so that the flag is looked at.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, &before_int_);
  ::sigaction(SIGTERM, &action, &before_term_);
}

StopFlag::~StopFlag() {
  ::sigaction(SIGINT, &before_int_, nullptr);
  ::sigaction(SIGTERM, &before_term_, nullptr);
}

bool StopFlag::raised() {
  return stop_asked != 0;
}

}  // namespace ridgeline::cli
