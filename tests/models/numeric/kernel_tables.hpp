#pragma once

#include <vector>

#include "models/numeric/kernel/kernel.hpp"

/// The instruction sets of the machine that runs the tests.
namespace ridgeline::testing {

inline std::vector<const kernel::Table*> vector_tables() {
  std::vector<const kernel::Table*> tables;
  for (const kernel::Table* table :
       {kernel::avx2_table(), kernel::avxvnni_table(), kernel::avx512_table()}) {
    if (table != nullptr) tables.push_back(table);
  }
  return tables;
}

inline std::vector<const kernel::Table*> all_tables() {
  std::vector<const kernel::Table*> tables = vector_tables();
  tables.push_back(&kernel::portable_table());
  return tables;
}

}  // namespace ridgeline::testing
