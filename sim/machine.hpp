#pragma once

#include <cstddef>
#include <vector>

#include "sim/hw/job.hpp"

namespace ridgeline::sim {

/// The one elaborated accelerator of this process. SystemC elaborates once, so every run of every
/// architecture goes through it, one after another; it is made on first use.
class Machine {
 public:
  [[nodiscard]] static Machine& instance();
  /// Elaborates the accelerator, and the clock of the register-level arrays with it, if that has
  /// not happened yet. Whoever starts the kernel calls it first.
  static void elaborate();

  /// Contents of DRAM.
  [[nodiscard]] std::vector<std::byte>& memory();
  /// A tensor that stayed in the global buffer during the last run; null if it did not, or if the
  /// run moved no data.
  [[nodiscard]] const std::vector<std::byte>* kept(TensorId tensor) const;
  /// Runs the jobs in order and fills in their measurements.
  /// @throws SimulationError, naming the layer and who waits for what, if the machine starves; it
  /// cannot be used again after that.
  void run(const std::vector<LayerJob>& jobs);

 private:
  Machine() = default;
  bool starved_ = false;
};

}  // namespace ridgeline::sim
