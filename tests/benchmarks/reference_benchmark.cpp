// CPU time of the reference engine on the convolutions of SqueezeNet v1.0, for each precision: the
// median of several runs, after one that is not counted. Run it on an idle machine:
//   build/release/tests/reference_benchmark
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "models/network/zoo/zoo.hpp"
#include "models/numeric/convolution_sums.hpp"
#include "models/numeric/reference.hpp"

namespace ridgeline {
namespace {

constexpr int kRuns = 9;

double cpu_ms() {
  return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// One pass over the convolutions, each on the tensors that the network really gives it.
double run_convolutions(const Workload& workload, const std::vector<AnyTensor>& tensors) {
  const double begin = cpu_ms();
  for (std::size_t i = 0; i < workload.layers.size(); ++i) {
    const LoweredLayer& layer = workload.lowered.layers[i];
    if (!runs_on_array(layer.kind)) continue;
    const AnyTensor output =
        reference::run_layer(workload, i, tensors[static_cast<std::size_t>(layer.input)], nullptr);
    if (bytes_of(output).empty()) fmt::print("no output\n");
  }
  return cpu_ms() - begin;
}

void measure(Precision precision) {
  const double begin = cpu_ms();
  const Workload workload =
      make_workload(lower(zoo::make("squeezenet_v1.0")), {.precision = precision, .seed = 1});
  const double made = cpu_ms() - begin;
  const std::vector<AnyTensor> tensors = reference::run_network(workload);
  std::vector<double> times;
  for (int run = 0; run <= kRuns; ++run) times.push_back(run_convolutions(workload, tensors));
  times.erase(times.begin());
  const double macs = static_cast<double>(total_macs(workload.lowered.network).count());
  fmt::print("{:5}  {:6.1f} ms  {:5.1f} GMAC/s   (making the workload: {:.1f} ms)\n",
             precision_name(precision), median(times), macs / median(times) * 1e-6, made);
}

}  // namespace
}  // namespace ridgeline

int main() {
  constexpr const char* kNames[] = {"portable", "AVX2", "AVX-512"};
  fmt::print("Reference engine, convolutions of SqueezeNet v1.0, {} instructions, CPU time\n",
             kNames[static_cast<int>(ridgeline::reference::fastest_simd())]);
  for (const ridgeline::Precision precision :
       {ridgeline::Precision::int8, ridgeline::Precision::int16, ridgeline::Precision::fp32}) {
    ridgeline::measure(precision);
  }
  return 0;
}
