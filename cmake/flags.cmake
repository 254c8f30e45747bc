# Flags of our own targets only.
add_library(ridgeline_flags INTERFACE)
target_compile_options(ridgeline_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  # g++ 12 warns of overlapping copies inside std::string's own operator+ (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # Results must not depend on whether a machine has fused multiply-add.
  -ffp-contract=off)
if(RIDGELINE_WERROR)
  target_compile_options(ridgeline_flags INTERFACE -Werror)
endif()
if(RIDGELINE_SANITIZE)
  # Checked builds stay quick enough to run the whole test suite: optimised a little, assertions
  # kept. -O2 takes half as long again to compile; so do the checks that are left out, which add
  # nothing here: reading through null faults by itself, and there are no classes with a vptr of ours
  # but SystemC's.
  # With sanitizers on, g++ 12 takes its own <regex> and Catch2 for uninitialised.
  target_compile_options(ridgeline_flags INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  add_compile_options(-fsanitize=${RIDGELINE_SANITIZE} -fno-sanitize-recover=all
    -fno-sanitize=null,vptr,object-size -O1 -g1)
  add_link_options(-fsanitize=${RIDGELINE_SANITIZE})
endif()
