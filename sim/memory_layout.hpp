#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "models/numeric/vector_datapath.hpp"
#include "models/numeric/workload.hpp"
#include "sim/hw/job.hpp"

/// Where everything lies in the model's DRAM: each tensor that owns memory, and the filters and
/// channel records of each layer. Nothing shares an address, so that every tensor can be read back
/// after the run.
namespace ridgeline::sim {

class MemoryLayout {
 public:
  /// @param precision of the run; layers and tensors may have their own
  MemoryLayout(const LoweredNetwork& network, Precision precision);

  [[nodiscard]] TensorPlace place(TensorId id) const;
  [[nodiscard]] std::int64_t filters(std::size_t layer) const { return filters_[layer]; }
  [[nodiscard]] std::int64_t records(std::size_t layer) const { return records_[layer]; }
  [[nodiscard]] std::int64_t bytes() const { return bytes_; }

  /// Fills `memory` with the input, the filters and the records; everything else holds a pattern
  /// that no right result looks like, so that a tile that is never written shows.
  void fill(std::vector<std::byte>& memory, const Workload& workload) const;
  void write_tensor(std::span<std::byte> memory, TensorId id, const AnyTensor& tensor) const;
  [[nodiscard]] AnyTensor read_tensor(std::span<const std::byte> memory, TensorId id) const;
  /// From a memory of its own, that holds nothing but what the tensor is stored in.
  [[nodiscard]] AnyTensor read_kept(std::span<const std::byte> words, TensorId id) const;

 private:
  [[nodiscard]] AnyTensor read_at(const TensorPlace& from, std::span<const std::byte> memory,
                                  TensorId id) const;
  std::int64_t allocate(std::int64_t bytes);

  const LoweredNetwork& network_;
  Precision precision_;
  std::vector<std::int64_t> tensors_, filters_, records_;
  std::int64_t bytes_ = 0;
};

}  // namespace ridgeline::sim
