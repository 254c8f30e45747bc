#pragma once

#include <string>

#include "models/arch/architecture.hpp"
#include "models/network/lowering.hpp"

/// What `ridgeline show` prints: an architecture, a network as its author wrote it, a layer as a
/// machine runs it. Pure functions. MACs and weights never include biases or BatchNorm.
namespace ridgeline::reports {

/// Every parameter with its unit, sources and assumptions.
[[nodiscard]] std::string architecture_text(const Architecture& arch);

/// How pictures become its input; a row a node: op, inputs, output shape, window, groups, MACs,
/// weights; and the totals.
[[nodiscard]] std::string network_text(const Network& network);
[[nodiscard]] std::string network_csv(const Network& network);

[[nodiscard]] std::string layer_text(const LoweredNetwork& network, const LoweredLayer& layer);
[[nodiscard]] std::string layer_json(const LoweredNetwork& network, const LoweredLayer& layer);

/// Every entry of an energy table with its technology and source.
[[nodiscard]] std::string energy_text(const EnergyTable& table);
/// What each action costs on the machine, for words of each precision.
[[nodiscard]] std::string resolved_energies_text(const Architecture& arch);

}  // namespace ridgeline::reports
