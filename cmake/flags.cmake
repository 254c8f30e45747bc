# Flags of our own targets only.
add_library(ridgeline_flags INTERFACE)
target_compile_options(ridgeline_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  # g++ 12 warns of overlapping copies inside std::string's own operator+ (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # clang takes it for a part of -Wconversion, g++ does not.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>
  # Results must not depend on whether a machine has fused multiply-add.
  -ffp-contract=off)
if(RIDGELINE_WERROR)
  target_compile_options(ridgeline_flags INTERFACE -Werror)
endif()
if(RIDGELINE_SANITIZE)
  # Checked builds stay quick enough to run the whole test suite: optimised a little, assertions
  # kept. -O2 takes half as long again to compile; so do the checks that are left out, which add
  # nothing here: reading through null faults by itself, and there are no classes with a vptr of ours
  # but SystemC's. A program at a fixed address starts in half the time.
  add_compile_options(-fsanitize=${RIDGELINE_SANITIZE} -fno-sanitize-recover=all
    -fno-sanitize=null,vptr,object-size -O1 -g1 -fno-pie)
  add_compile_definitions(RIDGELINE_SANITIZED)
  add_link_options(-fsanitize=${RIDGELINE_SANITIZE} -no-pie)
endif()
