#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/sweep/point_record.hpp"
#include "sim/cli/descriptor.hpp"
#include "sim/cli/sweep/sweep_folder.hpp"

namespace ridgeline::cli {

/// The records of all shards in the order of their points, read from the disk when they are asked
/// for: 24 bytes a point are kept.
class RecordIndex {
 public:
  /// Of the shards that are there; of a point that is there twice, as may be where two processes
  /// ran the same shard on a file system without locks, the first. @throws InputError for lines
  /// that are no records
  RecordIndex(const SweepFolder& folder, std::uint64_t shards);

  [[nodiscard]] std::uint64_t size() const { return places_.size(); }
  /// Records of each shard, by its index from 1 less 1.
  [[nodiscard]] const std::vector<std::uint64_t>& counts() const { return counts_; }
  /// @throws InputError for a record that is not one of such a sweep
  void visit(const SweepHeader& header, const std::function<void(const PointRecord&)>& visit) const;

 private:
  struct Place {
    std::uint64_t point;
    std::int64_t offset;
    std::uint32_t shard;
    std::uint32_t length;
  };
  [[nodiscard]] PointRecord read(const SweepHeader& header, const Place& place,
                                 std::string& buffer) const;

  const SweepFolder& folder_;
  std::uint64_t shards_;
  std::vector<std::uint64_t> counts_;
  std::vector<Place> places_;
  mutable std::vector<Descriptor> open_{};  ///< by shard, once it is read from
};

}  // namespace ridgeline::cli
