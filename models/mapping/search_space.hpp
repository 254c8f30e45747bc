#pragma once

#include <functional>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/mapping/tile.hpp"

namespace ridgeline {

/// The mappings of a layer that the search tries.
class SearchSpace {
 public:
  SearchSpace(const Architecture& arch, const LoweredLayer& layer, Precision precision)
      : arch_(arch), layer_(layer), precision_(precision), all_(iteration_space(layer)) {}

  /// Looks at a mapping and says whether it fits the buffer.
  using Try = std::function<bool(const Mapping&)>;
  void visit_array(const Dataflow& dataflow, const Try& fits) const;
  void visit_vector(const Try& fits) const;

 private:
  struct Area {
    int P, Q;
  };
  [[nodiscard]] bool visit_all(const Dataflow* dataflow, const Try& fits) const;
  void visit_proposed(const Dataflow& dataflow, const Try& fits) const;
  [[nodiscard]] std::vector<Area> areas(int step_p, int step_q) const;
  bool try_images(const Dataflow& dataflow, TileExtent tile, const Try& fits) const;
  bool try_groups(const Dataflow& dataflow, TileExtent tile, const Try& fits) const;
  bool try_orders(const Dataflow& dataflow, const TileExtent& tile, const Try& fits) const;

  const Architecture& arch_;
  const LoweredLayer& layer_;
  Precision precision_;
  TileExtent all_;
};

/// Words to and from DRAM as a compiler knows them before it has seen data: no zeros, and feature
/// maps with their padding.
[[nodiscard]] std::int64_t dense_traffic(const LoweredLayer& layer, const Mapping& mapping,
                                         const Residency& residency);

}  // namespace ridgeline
