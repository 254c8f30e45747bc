# Debian ships SystemC without a CMake package, so the target is made here.
find_path(SYSTEMC_INCLUDE_DIR systemc REQUIRED)
find_library(SYSTEMC_LIBRARY systemc REQUIRED)
find_package(Threads REQUIRED)
add_library(SystemC::systemc UNKNOWN IMPORTED)
set_target_properties(SystemC::systemc PROPERTIES
  IMPORTED_LOCATION "${SYSTEMC_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${SYSTEMC_INCLUDE_DIR}"
  # The library was built as C++17; this keeps its version check satisfied from C++20.
  INTERFACE_COMPILE_DEFINITIONS "SC_CPLUSPLUS=201703L"
  INTERFACE_LINK_LIBRARIES Threads::Threads)
