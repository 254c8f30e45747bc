#include "sim/register_level/layer_on_registers.hpp"

#include <stdexcept>
#include <string>

#include "sim/register_level/clocked_array.hpp"
#include "sim/register_level/output_array.hpp"
#include "sim/register_level/stationary_array.hpp"
#include "sim/register_level/window_array.hpp"

namespace ridgeline::sim::register_level {
namespace {

/// Runs tiles on `array`; `work_of` looks up the operands of a pass.
template <class Array, class WorkOf>
auto runner(std::shared_ptr<Array> array, const LayerData& layer, WorkOf work_of) {
  return [array, &layer, work_of](std::span<const Pass> passes, int n) {
    std::vector<decltype(work_of(std::declval<PassData>()))> works;
    for (const Pass& pass : passes) works.push_back(work_of(PassData{layer, pass, n}));
    array->begin_tile(std::move(works));
    return ClockedArray::instance().run(*array);
  };
}

}  // namespace

LayerOnRegisters::LayerOnRegisters(const Architecture& arch, std::string_view dataflow,
                                   const LayerData& layer)
    : ofmap_(std::make_shared<std::vector<std::int64_t>>(
          static_cast<std::size_t>(layer.shape.ofmap().elements()))) {
  const GlobalBuffer buffer = arch.global_buffer;
  const bool skip_zeros = arch.pe_array.skip_zero_weights;
  if (dataflow == "os") {
    run_ = runner(std::make_shared<WindowArray>(arch.pe_array, buffer, *ofmap_), layer,
                  [=](const PassData& data) { return window_work(data, skip_zeros); });
  } else if (dataflow == "os_gemm") {
    run_ = runner(std::make_shared<OutputArray>(arch.pe_array, buffer, *ofmap_), layer,
                  [](const PassData& data) { return output_work(data); });
  } else if (dataflow == "ws" || dataflow == "ws_gemm" || dataflow == "is_gemm") {
    const auto array = std::make_shared<StationaryArray>(arch.pe_array, buffer, *ofmap_);
    const bool ifmap_stays = dataflow == "is_gemm";
    run_ = runner(array, layer, [=](const PassData& data) {
      return ifmap_stays ? stationary_ifmap(data, buffer) : stationary_filters(data, buffer);
    });
    longest_queue_ = [array] { return array->queues().longest(); };
  } else {
    throw std::invalid_argument("no register-level array runs " + std::string(dataflow));
  }
}

Cycles LayerOnRegisters::run_tile(std::span<const Pass> passes, int n) {
  return run_(passes, n);
}

}  // namespace ridgeline::sim::register_level
