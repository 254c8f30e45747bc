#include "sim/register_level/layer_on_registers.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "sim/machine.hpp"
#include "sim/register_level/clocked_array.hpp"
#include "sim/register_level/output_array.hpp"
#include "sim/register_level/row_array.hpp"
#include "sim/register_level/stationary_array.hpp"
#include "sim/register_level/window_array.hpp"

namespace ridgeline::sim::register_level {
namespace {

/// Runs tiles on `array`; `work_of` looks up the operands of a pass.
template <class Array, class WorkOf>
auto runner(std::shared_ptr<Array> array, const LayerData& layer, WorkOf work_of) {
  return [array, &layer, work_of](std::span<const Pass> passes) {
    std::vector<decltype(work_of(std::declval<PassData>()))> works;
    for (const Pass& pass : passes) works.push_back(work_of(PassData{layer, pass}));
    array->begin_tile(std::move(works));
    return ClockedArray::instance().run(*array);
  };
}

/// The array that runs a dataflow: a line here for each. A new kind of array is a class as
/// clocked_array.hpp describes, and a function that looks up the operands of a pass.
enum class Kind { filters_stay, ifmap_stays, psums_stay, windows, rows };
constexpr std::array<std::pair<std::string_view, Kind>, 6> kKinds{{{"ws", Kind::filters_stay},
                                                                   {"ws_gemm", Kind::filters_stay},
                                                                   {"is_gemm", Kind::ifmap_stays},
                                                                   {"os_gemm", Kind::psums_stay},
                                                                   {"os", Kind::windows},
                                                                   {"rs", Kind::rows}}};

const std::pair<std::string_view, Kind>* find_kind(std::string_view dataflow) {
  const auto* const found =
      std::ranges::find(kKinds, dataflow, &std::pair<std::string_view, Kind>::first);
  return found == kKinds.end() ? nullptr : found;
}

}  // namespace

bool has_register_level_array(std::string_view dataflow) {
  return find_kind(dataflow) != nullptr;
}

LayerOnRegisters::LayerOnRegisters(const Architecture& arch, std::string_view dataflow,
                                   const LayerData& layer)
    : ofmap_(std::make_shared<std::vector<std::int64_t>>(
          static_cast<std::size_t>(layer.shape.ofmap().elements()))) {
  assert(has_register_level_array(dataflow));
  Machine::elaborate();
  const PeArray& pes = arch.pe_array;
  const GlobalBuffer buffer = arch.global_buffer;
  const auto stationary = [&](auto work_of) {
    const auto array = std::make_shared<StationaryArray>(pes, buffer, *ofmap_);
    run_ = runner(array, layer, [=](const PassData& data) { return work_of(data, buffer); });
    longest_queue_ = [array] { return array->queues().longest(); };
  };
  switch (find_kind(dataflow)->second) {
    case Kind::filters_stay:
      stationary(stationary_filters);
      break;
    case Kind::ifmap_stays:
      stationary(stationary_ifmap);
      break;
    case Kind::psums_stay:
      run_ = runner(std::make_shared<OutputArray>(pes, buffer, *ofmap_), layer, output_work);
      break;
    case Kind::windows:
      run_ = runner(
          std::make_shared<WindowArray>(pes, buffer, *ofmap_), layer,
          [skip = pes.skip_zero_weights](const PassData& data) { return window_work(data, skip); });
      break;
    case Kind::rows:
      run_ = runner(std::make_shared<RowArray>(pes, buffer, *ofmap_), layer, row_work);
  }
}

Cycles LayerOnRegisters::run_tile(std::span<const Pass> passes) {
  return run_(passes);
}

}  // namespace ridgeline::sim::register_level
