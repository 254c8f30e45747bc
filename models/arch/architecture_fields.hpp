#pragma once

#include <array>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include "models/arch/architecture.hpp"
#include "models/base/json_reader.hpp"

/// The fields of an architecture file: key, member, what is allowed. This is the one list: the
/// reader, the writer and the messages about unknown keys all come from it.
///
/// visit_fields(visit, part) calls visit(key, member, allowed...) for each, in the order in which
/// they are written; `part` may be const.
namespace ridgeline::arch_fields {

inline constexpr IntegerBounds kArraySide{.min = 1, .max = 1024};
inline constexpr IntegerBounds kWidth{.min = 1, .max = 65536};
inline constexpr IntegerBounds kBanks{.min = 1, .max = 1024};
inline constexpr IntegerBounds kBufferBytes{.min = 1, .max = std::int64_t{1} << 40};
inline constexpr IntegerBounds kOptionalBytes{.min = 0, .max = std::int64_t{1} << 40};
inline constexpr IntegerBounds kPsumWord{.min = 0, .max = 8};
inline constexpr RealBounds kBandwidth{.min = 0.001, .max = 65536};
inline constexpr IntegerBounds kLatencyCycles{.min = 0, .max = 1'000'000};
inline constexpr RealBounds kClockMhz{.min = 1, .max = 100'000};
/// The upper bound keeps the sums of a sweep finite.
inline constexpr RealBounds kCost{.min = 0, .max = 1e12};
inline constexpr RealBounds kAboveNothing{.min = 1e-12, .max = 1e12};
inline constexpr RealBounds kMillimetres{.min = 0, .max = 1000};
inline constexpr RealBounds kNanometres{.min = 1, .max = 1000};
inline constexpr RealBounds kVolts{.min = 0.1, .max = 10};
inline constexpr LengthBounds kName{.min = 1, .max = 100};
inline constexpr LengthBounds kText{.min = 1, .max = 1000};
inline constexpr LengthBounds kTexts{.min = 0, .max = 64};

/// Marks a key that may be missing; the member then keeps its default value.
struct Optional {};

/// Marks the plain number of a component of an energy table: needed, unless an entry for this
/// action, which holds for all of the component, stands in its place.
struct PlainOf {
  std::string_view action;
};

/// Marks the list of strings that are names of dataflows.
struct DataflowNames {};

/// A value of an enumeration and its name in files.
template <class Enum>
struct Named {
  Enum value;
  std::string_view name;
};
inline constexpr std::array<Named<Fabric>, 2> kFabrics{
    {{Fabric::broadcast, "broadcast"}, {Fabric::systolic, "systolic"}}};
inline constexpr std::array<Named<ActivationCoding>, 2> kActivationCodings{
    {{ActivationCoding::plain, "plain"}, {ActivationCoding::run_length, "run_length"}}};
inline constexpr std::array<Named<Objective>, 4> kObjectives{{{Objective::latency, "latency"},
                                                              {Objective::energy, "energy"},
                                                              {Objective::edp, "edp"},
                                                              {Objective::traffic, "traffic"}}};
inline const std::array<std::string, 2> kEnergyUnits{"pJ", "MAC"};

/// T or const T.
template <class Given, class T>
concept MaybeConst = std::same_as<std::remove_const_t<Given>, T>;

template <class Visit>
void visit_fields(Visit& visit, MaybeConst<PeArray> auto& part) {
  visit("rows", part.rows, kArraySide);
  visit("cols", part.cols, kArraySide);
  visit("fabric", part.fabric, kFabrics);
  visit("preload", part.preload);
  visit("psums_per_pe", part.psums_per_pe, kWidth);
  visit("ifmap_words_per_pe", part.ifmap_words_per_pe, Optional{}, kWidth);
  visit("filter_words_per_pe", part.filter_words_per_pe, Optional{}, kWidth);
  visit("skip_zero_weights", part.skip_zero_weights);
  visit("gate_zero_activations", part.gate_zero_activations, Optional{});
  visit("shorten_edge_passes", part.shorten_edge_passes, Optional{});
}

template <class Visit>
void visit_fields(Visit& visit, MaybeConst<GlobalBuffer> auto& part) {
  visit("bytes", part.bytes, kBufferBytes);
  visit("banks", part.banks, kBanks);
  visit("double_buffer", part.double_buffer);
  visit("ifmap_words_per_cycle", part.ifmap_words_per_cycle, kWidth);
  visit("filter_words_per_cycle", part.filter_words_per_cycle, kWidth);
  visit("psum_in_words_per_cycle", part.psum_in_words_per_cycle, kWidth);
  visit("psum_out_words_per_cycle", part.psum_out_words_per_cycle, kWidth);
  visit("filter_bytes", part.filter_bytes, Optional{}, kOptionalBytes);
  visit("psum_word_bytes", part.psum_word_bytes, Optional{}, kPsumWord);
  visit("ifmap_pass_bytes", part.ifmap_pass_bytes, Optional{}, kOptionalBytes);
  visit("keep_ofmap_on_chip", part.keep_ofmap_on_chip, Optional{});
}

template <class Visit>
void visit_fields(Visit& visit, MaybeConst<Dram> auto& part) {
  visit("bytes_per_cycle", part.bytes_per_cycle, kBandwidth);
  visit("latency_cycles", part.latency, kLatencyCycles);
  visit("burst_bytes", part.burst_bytes, kWidth);
  visit("activations", part.activations, Optional{}, kActivationCodings);
}

template <class Visit>
void visit_fields(Visit& visit, MaybeConst<VectorUnit> auto& part) {
  visit("lanes", part.lanes, kWidth);
}

/// But for the name, whose rule depends on where the table stands.
template <class Visit>
void visit_fields(Visit& visit, MaybeConst<EnergyTable> auto& table) {
  visit("source", table.source, kText);
  visit("unit", table.unit, kEnergyUnits);
  visit("technology", table.technology, Optional{});
  visit("entries", table.entries, Optional{});
  visit("mac", table.mac, PlainOf{"mac"}, kCost);
  visit("mac_gated", table.mac_gated, Optional{}, PlainOf{"mac.gated"}, kCost);
  visit("rf", table.rf, PlainOf{"rf"}, kCost);
  visit("noc", table.noc, PlainOf{"noc"}, kCost);
  visit("glb", table.glb, PlainOf{"glb"}, kCost);
  visit("dram", table.dram, PlainOf{"dram"}, kCost);
  visit("vector", table.vector, PlainOf{"vector"}, kCost);
  visit("leakage_per_cycle", table.leakage_per_cycle, PlainOf{"leakage"}, kCost);
  visit("areas", table.areas, Optional{});
}

/// But for the name.
template <class Visit>
void visit_fields(Visit& visit, MaybeConst<Architecture> auto& arch) {
  visit("summary", arch.summary, kText);
  visit("source", arch.source, kTexts);
  visit("assumptions", arch.assumptions, kTexts);
  visit("clock_mhz", arch.clock, kClockMhz);
  visit("pe_array", arch.pe_array);
  visit("global_buffer", arch.global_buffer);
  visit("dram", arch.dram);
  visit("vector_unit", arch.vector_unit);
  visit("dataflows", arch.dataflows, DataflowNames{});
  visit("energy", arch.energy);
  visit("objective", arch.objective, Optional{}, kObjectives);
}

}  // namespace ridgeline::arch_fields
