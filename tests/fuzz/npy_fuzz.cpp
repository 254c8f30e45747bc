#include "models/input/npy.hpp"
#include "tests/fuzz/target.hpp"

void ridgeline::fuzzing::fuzz(const SourceText& source) {
  const NpyArray array = parse_npy(source);
  std::int64_t elements = 1;
  for (const std::int64_t extent : array.shape) elements *= extent;
  require(elements == static_cast<std::int64_t>(array.values.size()));
}
