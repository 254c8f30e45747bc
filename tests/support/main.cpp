// Catch2's own main would collide with libsystemc's; see SystemC 2.3.4, sc_main.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

extern "C" int sc_main(int /*argc*/, char** /*argv*/) {
  return 0;
}

int main(int argc, char** argv) {
  return Catch::Session().run(argc, argv);
}
