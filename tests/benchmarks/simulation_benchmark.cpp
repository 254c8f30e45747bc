// How long the simulation of SqueezeNet v1.0 takes, and how that compares with oneDNN's fp32
// convolutions of the same layers in the same process, on one thread. CPU time, median of several
// runs. Prints; asserts nothing.

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <vector>

#include "models/mapping/dataflow.hpp"
#include "models/mapping/search.hpp"
#include "models/network/zoo/zoo.hpp"
#include "sim/cli/configs.hpp"
#include "sim/job_list.hpp"
#include "sim/machine.hpp"
#include "sim/run.hpp"

#ifdef RIDGELINE_HAVE_ONEDNN
#include <omp.h>

#include <oneapi/dnnl/dnnl.hpp>
#endif

extern "C" int sc_main(int /*argc*/, char** /*argv*/) {
  return 0;
}

namespace {

using namespace ridgeline;

double cpu_ms() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

double median_ms(int runs, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    const double start = cpu_ms();
    work();
    times.push_back(cpu_ms() - start);
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

#ifdef RIDGELINE_HAVE_ONEDNN
/// One convolution, ready to execute: layouts are oneDNN's choice, reorders are not timed.
class OneDnnConvolution {
 public:
  OneDnnConvolution(const dnnl::engine& engine, const ConvShape& s) {
    using dims = dnnl::memory::dims;
    using tag = dnnl::memory::format_tag;
    const auto any = [](const dims& d) {
      return dnnl::memory::desc(d, dnnl::memory::data_type::f32, tag::any);
    };
    const Window& w = s.window;
    const dnnl::convolution_forward::desc desc(
        dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
        any({s.N, s.C, s.H, s.W}), any({s.M, s.C, w.R, w.S}), any({s.N, s.M, s.P(), s.Q()}),
        dims{w.stride[0], w.stride[1]}, dims{w.pad[0], w.pad[1]}, dims{w.pad[2], w.pad[3]});
    const dnnl::convolution_forward::primitive_desc chosen(desc, engine);
    primitive_ = dnnl::convolution_forward(chosen);
    arguments_ = {{DNNL_ARG_SRC, dnnl::memory(chosen.src_desc(), engine)},
                  {DNNL_ARG_WEIGHTS, dnnl::memory(chosen.weights_desc(), engine)},
                  {DNNL_ARG_DST, dnnl::memory(chosen.dst_desc(), engine)}};
    for (auto& [_, memory] : arguments_) {
      auto* words = static_cast<float*>(memory.get_data_handle());
      std::fill_n(words, memory.get_desc().get_size() / sizeof(float), 0.5F);
    }
  }
  void run(dnnl::stream& stream) { primitive_.execute(stream, arguments_); }

 private:
  dnnl::convolution_forward primitive_;
  std::unordered_map<int, dnnl::memory> arguments_;
};

double one_dnn_ms(const LoweredNetwork& network, int runs) {
  omp_set_num_threads(1);
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  std::vector<OneDnnConvolution> layers;
  for (const LoweredLayer& layer : network.layers) {
    if (layer.kind == LayerKind::conv) layers.emplace_back(engine, layer.shape);
  }
  return median_ms(runs, [&] {
    for (auto& layer : layers) layer.run(stream);
    stream.wait();
  });
}
#endif

}  // namespace

int main() {
  constexpr int kRuns = 15;
  const Architecture arch = cli::load_architecture("squeezelerator_16x16");
  const LoweredNetwork network = lower(zoo::make("squeezenet_v1.0"));
  const Workload workload = make_workload(network, {.precision = Precision::int8, .seed = 1});
  const sim::RunOptions options;
  const double with_data =
      median_ms(kRuns, [&] { (void)sim::run_with_data(arch, workload, options); });
  const double without_data = median_ms(
      kRuns, [&] { (void)sim::run_without_data(arch, network, Precision::int8, 1, options); });
  // The kernel alone: the layers are mapped and cut into tiles before.
  const sim::RunInputs inputs{arch, network, Precision::int8, 1, nullptr};
  const sim::JobList list =
      sim::make_jobs(inputs, options, sim::MemoryLayout(network, Precision::int8));
  const double machine = median_ms(kRuns, [&] { sim::Machine::instance().run(list.jobs); });
  const std::vector both{find_dataflow("ws"), find_dataflow("os")};
  const double search = median_ms(kRuns, [&] {
    for (const LoweredLayer& layer : network.layers) {
      (void)search_mappings(arch, {layer, Precision::int8, both, Objective::latency});
    }
  });
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("SqueezeNet v1.0, int8, squeezelerator_16x16; CPU ms, median of {}\n", kRuns);
  fmt::print("with data        {:8.2f}\n", with_data);
  fmt::print("without data     {:8.2f}\n", without_data);
  fmt::print("  simulation     {:8.2f}  (the layers being mapped already)\n", machine);
  fmt::print("mapping search   {:8.2f}  (30 layers, nothing remembered)\n", search);
  fmt::print("peak memory      {:8.1f} MB\n", static_cast<double>(usage.ru_maxrss) / 1024);
#ifdef RIDGELINE_HAVE_ONEDNN
  const double one_dnn = one_dnn_ms(network, kRuns);
  fmt::print("oneDNN fp32      {:8.2f}  (its 26 convolutions, one thread)\n", one_dnn);
  fmt::print("ratio            {:8.2f}  (with data / oneDNN fp32)\n", with_data / one_dnn);
#else
  fmt::print("oneDNN was not found when this was built: no ratio (install libdnnl-dev)\n");
#endif
  return 0;
}
