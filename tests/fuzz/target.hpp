#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "models/base/error.hpp"
#include "models/base/source_text.hpp"

/// A fuzz target is one file NAME_fuzz.cpp here that defines fuzz(), and its first inputs in
/// corpus/NAME/. scripts/fuzz.sh builds and runs all of them.
namespace ridgeline::fuzzing {

/// Reads one input. An InputError is an answer; anything else that leaves this is a bug.
void fuzz(const SourceText& source);

/// Stops the fuzzer with a report: something that must hold does not.
inline void require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace ridgeline::fuzzing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const char* begin = reinterpret_cast<const char*>(data);
  try {
    ridgeline::fuzzing::fuzz({"input", std::string(begin, begin + size)});
  } catch (const ridgeline::InputError&) {  // the input is wrong, and that was said
  }
  return 0;
}
