#pragma once

#include <array>
#include <string>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/mapping/mapping.hpp"
#include "models/network/lowering.hpp"

/// SqueezeNext's blocks shared among its four stages in every way: the question that its versions 2
/// to 5 answer by hand.
namespace ridgeline::papers {

using Blocks = std::array<int, 4>;

/// What one network costs on the array (study.hpp), by the analytic engine.
struct BlockPoint {
  std::string network{};  ///< as the zoo takes it
  Blocks blocks{};
  double cycles = 0, energy = 0, weights = 0;  ///< energy in the unit of the machine's table
};

[[nodiscard]] std::string blocks_text(const Blocks& blocks);  ///< "2-4-14-1"

/// Measures networks on one machine. Networks of a family repeat their layers, so a mapping that
/// was found once is used again: the costs are those of a search for each.
class BlockMeter {
 public:
  explicit BlockMeter(Architecture arch) : arch_(std::move(arch)) {}
  [[nodiscard]] BlockPoint measure(Network network, const Blocks& blocks);

 private:
  struct Known {
    LoweredLayer layer;
    Mapping mapping;
  };
  [[nodiscard]] const Known* find(const LoweredLayer& layer) const;

  Architecture arch_;
  std::vector<Known> known_{};
};

/// Every way to give each stage at least one of `total` blocks, in lexical order, but for those of
/// more weights than SqueezeNet v1.0: as v5 otherwise, with a first kernel of 5 x 5 and projections
/// of style B, width 1.
[[nodiscard]] std::vector<BlockPoint> sweep_blocks(BlockMeter& meter, int total);

/// Of which points none is better in time, energy or weights without being worse in another.
[[nodiscard]] std::vector<std::size_t> front_of(const std::vector<BlockPoint>& points);

/// How far a point lies behind a front: the part by which all of its costs would have to fall for
/// nothing on the front to be better in all of them, and the point that asks for most.
struct Distance {
  double part = 0;     ///< 0 on the front, and where nothing on it is better in every cost
  std::size_t to = 0;  ///< index in `points`
  bool dominated = false;
};
[[nodiscard]] Distance distance_to(const std::vector<BlockPoint>& points,
                                   const std::vector<std::size_t>& front, const BlockPoint& from);

}  // namespace ridgeline::papers
