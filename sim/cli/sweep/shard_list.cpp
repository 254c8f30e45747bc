#include "sim/cli/sweep/shard_list.hpp"

namespace ridgeline::cli {

std::vector<std::uint64_t> missing_shards(const SweepFolder& folder, const RecordIndex& index) {
  const std::vector<std::uint64_t>& counts = index.counts();
  std::vector<std::uint64_t> missing;
  for (std::uint64_t i = 1; i <= counts.size(); ++i) {
    if (folder.done_points({i, counts.size()}) != counts[i - 1]) missing.push_back(i);
  }
  return missing;
}

}  // namespace ridgeline::cli
