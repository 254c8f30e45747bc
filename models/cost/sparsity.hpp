#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/arch/precision.hpp"
#include "models/base/units.hpp"
#include "models/network/lowering.hpp"

/// Zeros in the data of a run, and what a machine that looks for them saves. A word is zero where
/// it equals the zero point of its tensor or filter: it stands for the number 0.
namespace ridgeline {

/// Where the zeros of feature maps come from.
enum class ZerosSource {
  declared,  ///< LoweredTensor::zero_fraction; no data was looked at
  measured   ///< counted in the tensors of the run
};
[[nodiscard]] std::string_view zeros_source_name(ZerosSource source);

/// Zeros of one feature map.
struct MapZeros {
  std::int64_t zero_words = 0;
  double coded_ratio = 1;  ///< run-length coded length, as a part of the plain one; at most 1
  bool operator==(const MapZeros&) const = default;
};

/// Zero operands of a layer on the array. Its MACs are those of the mathematical convolution: a tap
/// that falls on padding has a zero activation. All of it is zero for layers of the vector unit.
struct OperandZeroCounts {
  std::int64_t weights = 0;  ///< that were looked at: all, or none
  std::int64_t zero_weights = 0;
  std::int64_t macs_zero_weight = 0;
  std::int64_t macs_zero_activation = 0;
  std::int64_t macs_zero_either = 0;
  bool operator==(const OperandZeroCounts&) const = default;
};

/// What is known of the zeros of a network.
struct NetworkZeros {
  ZerosSource source = ZerosSource::declared;
  std::vector<MapZeros> maps{};             ///< by TensorId
  std::vector<OperandZeroCounts> layers{};  ///< by layer of the lowered network
};

/// As many zeros in each map as LoweredTensor::zero_fraction says, lying scattered: nothing is
/// known of the layers' operands yet. `precision` is the run's; tensors may have their own.
[[nodiscard]] NetworkZeros declared_zeros(const LoweredNetwork& network, Precision precision);
/// Operands of each layer with the declared zeros of its ifmap and that many zero weights, a
/// negative number where nobody looked. Zero weights and zero activations are taken to meet by
/// chance. Counts are rounded down, but for MACs on padding, which are exact.
[[nodiscard]] std::vector<OperandZeroCounts> declared_operands(
    const LoweredNetwork& network, const std::vector<std::int64_t>& zero_weights);

/// MACs whose tap falls on padding.
[[nodiscard]] std::int64_t macs_on_padding(const ConvShape& shape);

/// The zeros of a layer of a report and what they saved. `saved` is against the same mapping on a
/// machine that takes no notice of zeros: it skips and gates nothing, and feature maps lie plain in
/// DRAM. Cycles are compared by the analytic engine, all layers of the run one after another as
/// they overlap: a layer that saves nothing itself may gain or lose a few beside one that does.
struct Sparsity {
  std::int64_t weights_counted = 0;
  std::int64_t zero_weights = 0;
  std::int64_t ifmap_words = 0;
  std::int64_t zero_ifmap_words = 0;
  std::int64_t ofmap_words = 0;
  std::int64_t zero_ofmap_words = 0;
  std::int64_t macs_zero_weight = 0;
  std::int64_t macs_zero_activation = 0;
  std::int64_t macs_zero_either = 0;
  std::int64_t macs_gated = 0;  ///< executed, part of AccessCounts::mac, but nothing switched
  std::int64_t cycles_saved = 0;
  std::int64_t dram_bytes_saved = 0;
  Energy energy_saved{};  ///< in the energy table's unit

  static constexpr auto fields() {
    struct Field {
      const char* name;
      std::int64_t Sparsity::*member;
    };
    return std::array<Field, 12>{{{"weights_counted", &Sparsity::weights_counted},
                                  {"zero_weights", &Sparsity::zero_weights},
                                  {"ifmap_words", &Sparsity::ifmap_words},
                                  {"zero_ifmap_words", &Sparsity::zero_ifmap_words},
                                  {"ofmap_words", &Sparsity::ofmap_words},
                                  {"zero_ofmap_words", &Sparsity::zero_ofmap_words},
                                  {"macs_zero_weight", &Sparsity::macs_zero_weight},
                                  {"macs_zero_activation", &Sparsity::macs_zero_activation},
                                  {"macs_zero_either", &Sparsity::macs_zero_either},
                                  {"macs_gated", &Sparsity::macs_gated},
                                  {"cycles_saved", &Sparsity::cycles_saved},
                                  {"dram_bytes_saved", &Sparsity::dram_bytes_saved}}};
  }
  [[nodiscard]] double zero_weight_fraction() const { return part(zero_weights, weights_counted); }
  [[nodiscard]] double zero_ifmap_fraction() const { return part(zero_ifmap_words, ifmap_words); }
  [[nodiscard]] double zero_ofmap_fraction() const { return part(zero_ofmap_words, ofmap_words); }
  /// Whether the machine made anything of the zeros.
  [[nodiscard]] bool saves() const {
    return macs_gated != 0 || cycles_saved != 0 || dram_bytes_saved != 0 ||
           energy_saved != Energy(0);
  }
  Sparsity& operator+=(const Sparsity& other);
  bool operator==(const Sparsity&) const = default;

 private:
  [[nodiscard]] static double part(std::int64_t some, std::int64_t all) {
    return all > 0 ? static_cast<double>(some) / static_cast<double>(all) : 0;
  }
};

}  // namespace ridgeline
