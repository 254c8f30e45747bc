#pragma once

#include <span>
#include <vector>

#include "models/arch/architecture.hpp"
#include "sim/register_level/work.hpp"

namespace ridgeline::sim::register_level {

/// Every register of the array of os, whose PEs own one ofmap position each.
///
/// - A PE holds the words that its window covers of one channel, twice (one set fills while the
///   other is used), and psums for several filters. On a systolic fabric it also holds the weight
///   and the ifmap words that it hands on: they go down the first column and along the rows, so
///   that PE (p, q) gets them p + q cycles late. On a broadcast fabric all PEs get them at once.
/// - The block of a channel comes in as many words a cycle as the ifmap port has, padding left out;
///   each PE takes the words of its window. Two channels do not share a cycle.
/// - A channel may begin when its block is in. It takes one weight a cycle; the block of the
/// channel
///   after it, or with preload of the next pass, comes in meanwhile.
/// - A mark follows the last weight of a pass. When the last PE has it, complete psums are read out
///   of the PEs, as many a cycle as the psum port takes; reading clears them for the next pass.
/// - An array that does not shorten its edge passes sends weights on to PEs without a position.
class WindowArray {
 public:
  WindowArray(const PeArray& array, const GlobalBuffer& buffer, std::span<std::int64_t> ofmap);

  void begin_tile(std::vector<WindowWork> passes);
  void clock();
  [[nodiscard]] bool busy() const { return running_ < passes_.size(); }
  [[nodiscard]] bool settled() const { return !busy(); }

 private:
  /// What goes to the PEs in a cycle: a weight and the mark that it was the pass's last turn, or
  /// ifmap words by reference to their block. `rows` and `cols` say how far it goes.
  struct Weight {
    const WeightWord* word = nullptr;
    const WindowWork* pass = nullptr;
    int rows = 0, cols = 0;
    int set = 0;  ///< of windows
    bool ends_pass = false;
  };
  struct Ifmap {
    std::span<const IfmapWord> words{};
    const WindowWork* pass = nullptr;
    int rows = 0, cols = 0;
    int set = 0;
  };
  enum class Phase { load, channels, wave, drain };

  [[nodiscard]] std::size_t at(int p, int q) const {
    return static_cast<std::size_t>(p) * static_cast<std::size_t>(array_.cols) +
           static_cast<std::size_t>(q);
  }
  [[nodiscard]] int& window(int set, int p, int q, int tap) {
    const std::size_t pes = static_cast<std::size_t>(array_.rows * array_.cols);
    return windows_[(static_cast<std::size_t>(set) * pes + at(p, q)) * taps_ +
                    static_cast<std::size_t>(tap)];
  }
  [[nodiscard]] std::int64_t& psum(int p, int q, int filter) {
    return psums_[at(p, q) * static_cast<std::size_t>(array_.psums_per_pe) +
                  static_cast<std::size_t>(filter)];
  }
  [[nodiscard]] const WindowWork& pass() const { return passes_[running_]; }
  [[nodiscard]] std::size_t channels() const { return pass().weights.size(); }
  /// How far the weights of the pass go.
  [[nodiscard]] int reach_rows() const {
    return array_.shorten_edge_passes ? pass().p.size() : array_.rows;
  }
  [[nodiscard]] int reach_cols() const {
    return array_.shorten_edge_passes ? pass().q.size() : array_.cols;
  }
  template <class Sent>
  [[nodiscard]] Sent arriving(const Sent& sent, const std::vector<Sent>& now, int p, int q) const;

  void begin_load(std::size_t pass, std::size_t channel);
  void begin_channel(std::size_t channel);
  void end_channels();
  [[nodiscard]] bool next_phase();
  void end_pass();
  void send();
  void take_ifmap(const Ifmap& ifmap, int p, int q);
  void multiply(const Weight& weight, int p, int q);
  void drain();

  PeArray array_;
  int ifmap_port_, psum_port_;
  std::span<std::int64_t> ofmap_;
  std::vector<WindowWork> passes_;

  // Registers that no other PE sees are updated in place.
  std::size_t taps_ = 0;
  std::vector<int> windows_;                        // [set][PE][tap]
  std::vector<std::int64_t> psums_;                 // [PE][filter]
  std::vector<Weight> weights_now_, weights_next_;  // on their way; systolic
  std::vector<Ifmap> ifmap_now_, ifmap_next_;       // on their way; systolic

  std::size_t running_ = 0;
  Phase phase_ = Phase::load;
  std::size_t channel_ = 0, weight_ = 0;  // next weight of the channel
  std::span<const IfmapWord> to_load_{};  // rest of the block that comes in
  const WindowWork* load_pass_ = nullptr;
  int load_set_ = 0, use_set_ = 0;  // of windows
  bool next_pass_loads_ = false;
  bool wave_over_ = false;  // the mark of the pass's end has come to the last PE
  std::size_t drained_ = 0;
  Weight weight_sent_;
  Ifmap ifmap_sent_;
};

}  // namespace ridgeline::sim::register_level
