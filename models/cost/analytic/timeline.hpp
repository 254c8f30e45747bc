#pragma once

#include <utility>
#include <vector>

#include "models/cost/analytic/units.hpp"
#include "models/cost/run_stats.hpp"

/// The layers of a run, one after another on the same units (units.hpp).
///
/// Where one layer follows another, its first loads come as early as the simulation's
/// (docs/model.md, "Layers overlap"), as long as they find halves and room that nobody has used;
/// what would need a half a second time waits until the array turns to the layer.
namespace ridgeline::analytic {

class Timeline {
 public:
  struct Layer {
    Time latency = 0;  ///< of the DRAM, after the last bus cycle of a read
    int ifmap_halves = 1, filter_halves = 1, residual_halves = 1, psum_halves = 1;
    bool on_array = true;
    CycleBreakdown work{};  ///< of all its tiles (TileCosts::work)
    int needs = -1;         ///< the layer of the run that must be stored before its maps load
    bool overlaps = true;   ///< with the layer before: a double-buffered machine
    /// Bytes of a half of each operand; of all halves; of maps that stay; and what is left of the
    /// buffer. Filters may have a buffer of their own.
    std::int64_t ifmap_half = 0, filter_half = 0, residual_half = 0, psum_half = 0;
    std::int64_t place = 0, kept = 0, left = 0;
    bool own_filter_buffer = false;
    std::int64_t filters_left = 0;

    /// Of all its halves, these many are taken already.
    struct Taken {
      int ifmaps = 0, filters = 0, residuals = 0;
    };
    void hand_out_halves(Units& units, const Taken& taken) const;
    [[nodiscard]] unsigned queue() const { return on_array ? kBeforeArray : kBeforeVectorUnit; }
  };
  struct LayerTimes {
    CycleBreakdown cycles{};
    Cycles overlapped{};
  };
  /// The next tile to visit is the first of this layer.
  void begin(const Layer& layer);
  /// The next tile in order. The cost that it points to must last until finish().
  void visit(const TileCost& cost, Duties duties) {
    starting_ ? visit_early(cost, duties) : units_.visit(cost, duties);
  }
  void visit_middle(const TileCost& cost) {
    starting_ ? visit_early(cost, kMiddle) : units_.visit_middle(cost);
  }
  /// The units, if the array has turned to the layer that was begun last.
  [[nodiscard]] Units* at_work() { return starting_ ? nullptr : &units_; }
  /// Lets everything end. @return what each layer took
  std::vector<LayerTimes> finish();

 private:
  void visit_early(const TileCost& cost, Duties duties);
  [[nodiscard]] bool load_early(Units::Token& token, Duties& loads);
  [[nodiscard]] Time begin_early();
  [[nodiscard]] bool independent() const;
  void wait_for_ifmap(Time& at);
  void enter_layer();
  void foresee_room();
  void note_room(const Units& drained);
  [[nodiscard]] Time room_for_early() const;
  void leave_layer(Time until);
  void close_layer_before();

  Units units_;
  Layer layer_, next_;
  bool begun_ = false;        // a layer has begun
  bool starting_ = false;     // visits are of next_, while layer_ may still work
  Time held_ = 0;             // when the layer had its whole place in the buffer
  std::vector<Time> stored_;  // when each layer was complete
  bool storing_ = false;      // the layer before is not, and the time is not known
  Time closed_ = 0;           // when the layer before was charged for the last time
  struct Early {
    std::vector<Units::Token> tokens{};
    std::vector<std::pair<Time, Time>> bus{};  // when it carried something
    Layer::Taken taken{};                      // halves
    Time asked = 0;                            // when the layer before had asked for its last tile
  };
  Early early_;  // what has come of next_
  /// When the layer before leaves how many bytes, in the buffer and in that of the filters.
  using Room = std::vector<std::pair<Time, std::int64_t>>;
  Room room_, filter_room_;
  std::vector<LayerTimes> done_;
  Cycles overlapped_;
};

}  // namespace ridgeline::analytic
