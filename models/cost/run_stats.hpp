#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/arch/precision.hpp"
#include "models/cost/sparsity.hpp"
#include "models/cost/trace.hpp"
#include "models/mapping/mapping.hpp"
#include "models/network/lowering.hpp"
#include "models/numeric/classes.hpp"
#include "models/numeric/compare.hpp"
#include "models/numeric/quantization_error.hpp"

/// What a run measured, as plain values. Engines fill it in, reports print it. A sum of layers is
/// made by operator+= only; each struct lists its fields once, in `fields`, for that and for
/// printing.
namespace ridgeline {

/// The array's timeline: every cycle of a layer falls into exactly one of these.
struct CycleBreakdown {
  Cycles compute;          ///< the array multiplies, in every active PE, one MAC a cycle
  Cycles fill_drain;       ///< operands on their way in, results on their way out
  Cycles stationary_load;  ///< waiting for the stationary operand to be in place
  Cycles glb_stall;        ///< a buffer port carries fewer words a cycle than the pass needs
  Cycles dram_stall;       ///< waiting for a tile to arrive, or for one to be stored
  Cycles vector_stall;     ///< waiting for the vector unit, or a layer that runs on it

  /// (name, member) of every field, in the order of reports.
  static constexpr auto fields() {
    struct Field {
      const char* name;
      Cycles CycleBreakdown::*member;
    };
    return std::array<Field, 6>{{{"compute", &CycleBreakdown::compute},
                                 {"fill_drain", &CycleBreakdown::fill_drain},
                                 {"stationary_load", &CycleBreakdown::stationary_load},
                                 {"glb_stall", &CycleBreakdown::glb_stall},
                                 {"dram_stall", &CycleBreakdown::dram_stall},
                                 {"vector_stall", &CycleBreakdown::vector_stall}}};
  }
  [[nodiscard]] Cycles total() const;
  CycleBreakdown& operator+=(const CycleBreakdown& other);
  bool operator==(const CycleBreakdown&) const = default;
};

/// Accesses, in words, and actions. Register files and buffer count by operand. Words of "ifmap"
/// are those that a layer takes in, the other operand of an addition too; "filter" words include
/// the channel records; a word of the ofmap is a "psum" until the vector unit has finished it.
struct AccessCounts {
  /// Executed, each in a cycle of a PE: the gated ones (Sparsity::macs_gated) are part of them,
  /// the skipped ones (LayerStats::macs_skipped) are not.
  std::int64_t mac = 0;
  /// Part of mac: one operand is the same word as in the PE's MAC before. Counted where a block of
  /// an operand stays (ws, ws_gemm, is_gemm); in which order the PEs of os and rs take theirs is
  /// not modelled, and os_gemm changes both with every MAC.
  std::int64_t mac_reused = 0;
  std::int64_t rf_ifmap_read = 0, rf_ifmap_write = 0;
  std::int64_t rf_filter_read = 0, rf_filter_write = 0;
  std::int64_t rf_psum_read = 0, rf_psum_write = 0;
  std::int64_t noc_ifmap = 0, noc_filter = 0, noc_psum = 0;  ///< words times PEs that they travel
                                                             ///< to or through
  std::int64_t glb_ifmap_read = 0, glb_ifmap_write = 0;
  std::int64_t glb_filter_read = 0, glb_filter_write = 0;
  std::int64_t glb_psum_read = 0, glb_psum_write = 0;
  std::int64_t glb_ofmap_read = 0, glb_ofmap_write = 0;
  std::int64_t dram_ifmap_read = 0, dram_filter_read = 0, dram_ofmap_write = 0;
  std::int64_t vector = 0;  ///< lane operations; not in the report's "accesses"

  [[nodiscard]] std::int64_t rf_read() const {
    return rf_ifmap_read + rf_filter_read + rf_psum_read;
  }
  [[nodiscard]] std::int64_t rf_write() const {
    return rf_ifmap_write + rf_filter_write + rf_psum_write;
  }
  [[nodiscard]] std::int64_t noc() const { return noc_ifmap + noc_filter + noc_psum; }
  [[nodiscard]] std::int64_t glb_read() const {
    return glb_ifmap_read + glb_filter_read + glb_psum_read + glb_ofmap_read;
  }
  [[nodiscard]] std::int64_t glb_write() const {
    return glb_ifmap_write + glb_filter_write + glb_psum_write + glb_ofmap_write;
  }
  [[nodiscard]] std::int64_t dram_read() const { return dram_ifmap_read + dram_filter_read; }
  [[nodiscard]] std::int64_t dram_write() const { return dram_ofmap_write; }

  static constexpr auto fields() {
    using A = AccessCounts;
    struct Field {
      const char* name;
      std::int64_t A::*member;
    };
    return std::array<Field, 23>{{{"mac", &A::mac},
                                  {"mac_reused", &A::mac_reused},
                                  {"rf_ifmap_read", &A::rf_ifmap_read},
                                  {"rf_ifmap_write", &A::rf_ifmap_write},
                                  {"rf_filter_read", &A::rf_filter_read},
                                  {"rf_filter_write", &A::rf_filter_write},
                                  {"rf_psum_read", &A::rf_psum_read},
                                  {"rf_psum_write", &A::rf_psum_write},
                                  {"noc_ifmap", &A::noc_ifmap},
                                  {"noc_filter", &A::noc_filter},
                                  {"noc_psum", &A::noc_psum},
                                  {"glb_ifmap_read", &A::glb_ifmap_read},
                                  {"glb_ifmap_write", &A::glb_ifmap_write},
                                  {"glb_filter_read", &A::glb_filter_read},
                                  {"glb_filter_write", &A::glb_filter_write},
                                  {"glb_psum_read", &A::glb_psum_read},
                                  {"glb_psum_write", &A::glb_psum_write},
                                  {"glb_ofmap_read", &A::glb_ofmap_read},
                                  {"glb_ofmap_write", &A::glb_ofmap_write},
                                  {"dram_ifmap_read", &A::dram_ifmap_read},
                                  {"dram_filter_read", &A::dram_filter_read},
                                  {"dram_ofmap_write", &A::dram_ofmap_write},
                                  {"vector", &A::vector}}};
  }
  /// (name, function) of what reports print of every layer: sums over operands.
  static constexpr auto sums() {
    using A = AccessCounts;
    struct Sum {
      const char* name;
      std::int64_t (*of)(const A&);
    };
    return std::array<Sum, 8>{{{"mac", [](const A& n) { return n.mac; }},
                               {"rf_read", [](const A& n) { return n.rf_read(); }},
                               {"rf_write", [](const A& n) { return n.rf_write(); }},
                               {"noc", [](const A& n) { return n.noc(); }},
                               {"glb_read", [](const A& n) { return n.glb_read(); }},
                               {"glb_write", [](const A& n) { return n.glb_write(); }},
                               {"dram_read", [](const A& n) { return n.dram_read(); }},
                               {"dram_write", [](const A& n) { return n.dram_write(); }}}};
  }
  AccessCounts& operator+=(const AccessCounts& other);
  bool operator==(const AccessCounts&) const = default;
};

/// Words that the array moves through each port of the global buffer; part of the accesses. DMA and
/// vector unit have ports of their own.
struct PortWords {
  std::int64_t ifmap = 0, filter = 0, psum_in = 0, psum_out = 0;

  static constexpr auto fields() {
    struct Field {
      const char* name;
      std::int64_t PortWords::*member;
    };
    return std::array<Field, 4>{{{"ifmap", &PortWords::ifmap},
                                 {"filter", &PortWords::filter},
                                 {"psum_in", &PortWords::psum_in},
                                 {"psum_out", &PortWords::psum_out}}};
  }
  PortWords& operator+=(const PortWords& other);
  bool operator==(const PortWords&) const = default;
};

struct TrafficBytes {
  Bytes dram_read, dram_write, glb_read, glb_write;

  static constexpr auto fields() {
    struct Field {
      const char* name;
      Bytes TrafficBytes::*member;
    };
    return std::array<Field, 4>{{{"dram_read", &TrafficBytes::dram_read},
                                 {"dram_write", &TrafficBytes::dram_write},
                                 {"glb_read", &TrafficBytes::glb_read},
                                 {"glb_write", &TrafficBytes::glb_write}}};
  }
  TrafficBytes& operator+=(const TrafficBytes& other);
  bool operator==(const TrafficBytes&) const = default;
};

/// What a layer must move whatever its mapping (compulsory_traffic.hpp).
struct CompulsoryTraffic {
  Bytes dram{};       ///< read and written
  PortWords ports{};  ///< each word once
  CompulsoryTraffic& operator+=(const CompulsoryTraffic& other);
  bool operator==(const CompulsoryTraffic&) const = default;
};

/// Energy by component, in the energy table's unit.
struct EnergyBreakdown {
  Energy mac, rf, noc, glb, dram, vector, leakage;

  static constexpr auto fields() {
    struct Field {
      const char* name;
      Energy EnergyBreakdown::*member;
    };
    return std::array<Field, 7>{{{"mac", &EnergyBreakdown::mac},
                                 {"rf", &EnergyBreakdown::rf},
                                 {"noc", &EnergyBreakdown::noc},
                                 {"glb", &EnergyBreakdown::glb},
                                 {"dram", &EnergyBreakdown::dram},
                                 {"vector", &EnergyBreakdown::vector},
                                 {"leakage", &EnergyBreakdown::leakage}}};
  }
  [[nodiscard]] Energy total() const;
  EnergyBreakdown& operator+=(const EnergyBreakdown& other);
  bool operator==(const EnergyBreakdown&) const = default;
};

/// Which roof lies lowest above a layer. Compute is the array or the vector unit.
enum class Bound { compute, dram, glb };
[[nodiscard]] std::string_view bound_name(Bound bound);

/// The layer's place under the roofline. Vector layers execute no MACs: their intensities and
/// rates are zero, and their compute roof is that of the vector unit's lanes.
struct RooflinePoint {
  double macs_per_dram_byte = 0;
  double macs_per_glb_byte = 0;
  double attained_macs_per_cycle = 0;  ///< over the cycles and overlapped ones of a layer
  double roof_macs_per_cycle = 0;      ///< the lowest roof at the layer's intensities
  Bound bound = Bound::compute;
};

struct LayerStats {
  std::string name;
  std::string op;  ///< layer_kind_name
  std::vector<std::string> fused;
  std::string dataflow;  ///< "vector" for layers of the vector unit
  Mapping mapping{};     ///< how the layer was cut
  Residency residency{};
  LayerPrecision precision = Precision::int8;
  ConvShape shape;
  TensorShape output_shape;
  Macs macs;                    ///< of the layer; executed ones are accesses.mac
  Macs macs_skipped{};          ///< macs - accesses.mac
  std::int64_t parameters = 0;  ///< weights and biases
  CycleBreakdown cycles;
  /// Beside the cycles of other layers: the time that the DRAM bus spent on tiles which came early,
  /// and the time from the end of the layer's own cycles until its last word was stored. Roofs hold
  /// for cycles and this together; it is part of no sum of cycles.
  Cycles overlapped{};
  AccessCounts accesses;
  PortWords ports{};
  TrafficBytes bytes;
  CompulsoryTraffic compulsory{};
  EnergyBreakdown energy{};
  RooflinePoint roofline{};
  double utilization = 0;                           ///< executed MACs / (PEs x total cycles)
  TensorCheck check{};                              ///< compared = 0 if the run did not check
  std::optional<LayerQuantization> quantization{};  ///< of an integer run that was judged by fp32
  Sparsity sparsity{};
};

struct RunStats {
  std::string engine;  ///< "simulate" or "analytic"
  Architecture arch;
  std::string network;
  TensorShape input;
  Macs network_macs;
  std::int64_t network_parameters = 0;
  Precision precision = Precision::int8;
  std::string dataflow;   ///< as asked: "auto", "ws", ...
  std::string objective;  ///< "latency", "energy", "edp"
  std::uint64_t seed = 1;
  bool data = true;                   ///< false under --no-data
  std::string weights_note;           ///< how the weights were made; empty without data
  std::string picture{};              ///< what was given as the input; empty for a seeded picture
  std::vector<ClassScore> classes{};  ///< the best of each picture, if they were asked for
  std::optional<RunQuantization> quantization{};  ///< of an integer run that was judged by fp32
  ZerosSource activation_zeros = ZerosSource::declared;
  bool declared_weights = false;  ///< zero weights are declared (LoweredLayer), not counted
  std::vector<LayerStats> layers{};
  Trace trace{};  ///< empty unless it was asked for
};

/// The sum of all layers, with utilisation and roofline of the whole; its name is "total".
[[nodiscard]] LayerStats total_of(const RunStats& run);

/// Fills in macs_skipped, energy, utilization and roofline from the layer's counts and cycles.
void derive(LayerStats& layer, const Architecture& arch);

}  // namespace ridgeline
