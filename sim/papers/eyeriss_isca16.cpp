#include "sim/cli/configs.hpp"
#include "sim/papers/papers.hpp"
#include "sim/run.hpp"

/// Energy of AlexNet's layers by component: Chen, Emer and Sze, Eyeriss, ISCA 2016, Fig. 10, batch
/// 16, in energies of a MAC, as transcribed in github.com/stanford-mast/nn_dataflow at 198a527,
/// nn_dataflow/tests/dataflow_test/test_nn_dataflow.py. The layers are those of the paper's Table
/// II, whose ifmaps are stated, and fetched, with their padding.
namespace ridgeline::papers {
namespace {

using reports::Figure;
using reports::Tolerance;

struct Layer {
  const char* name;
  int H, R, C, M, U, G;  ///< ifmap, filter, channels, filters, stride, groups
  double alu, dram, rf;  ///< 10^9 MACs' energy
};
constexpr Layer kLayers[] = {{"conv1", 227, 11, 3, 96, 4, 1, 1.69, 2.46, 6.75},
                             {"conv2", 31, 5, 96, 256, 1, 2, 3.58, 2.27, 14.33},
                             {"conv3", 15, 3, 256, 384, 1, 1, 2.39, 2.02, 9.57},
                             {"conv4", 15, 3, 384, 384, 1, 2, 1.79, 1.57, 7.18},
                             {"conv5", 15, 3, 384, 256, 1, 2, 1.20, 1.05, 4.78},
                             {"fc1", 6, 6, 256, 4096, 1, 1, 0.60, 7.78, 2.42},
                             {"fc2", 1, 1, 4096, 4096, 1, 1, 0.27, 3.39, 1.07},
                             {"fc3", 1, 1, 4096, 1000, 1, 1, 0.07, 0.84, 0.26}};
constexpr int kBatch = 16;

LayerStats run_layer(const Architecture& arch, const Layer& layer) {
  NetworkBuilder net(layer.name, "Chen et al., ISCA 2016, Table II",
                     {.C = layer.C, .H = layer.H, .W = layer.H});
  const Window window{.R = layer.R, .S = layer.R, .stride = {layer.U, layer.U}};
  net.conv(layer.name, net.input(), {.M = layer.M, .G = layer.G, .window = window, .bias = false});
  const LoweredNetwork network = lower(with_batch(std::move(net).build(), kBatch));
  return sim::run_analytic(arch, network, Precision::int16, 1, {}).layers.front();
}

void put_layer(std::vector<Figure>& figures, const Layer& layer, const EnergyBreakdown& energy) {
  const auto put = [&](const char* what, double published, double ours, Tolerance tolerance) {
    figures.push_back({{layer.name, what}, published, ours, tolerance});
  };
  constexpr double kBillion = 1e9;
  constexpr Tolerance kRounded{.absolute = 0.005}, kExact, kDram{.relative = 0.15};
  put("ALU", layer.alu, energy.mac.count() / kBillion, kRounded);
  put("register file", layer.rf, energy.rf.count() / kBillion, kRounded);
  put("register file / ALU", 4, energy.rf.count() / energy.mac.count(), kExact);
  put("DRAM", layer.dram, energy.dram.count() / kBillion, kDram);
}

reports::Reproduction figures() {
  reports::Reproduction result{
      .name = {},
      .title = {},
      .source =
          "Chen, Emer and Sze, Eyeriss, ISCA 2016, Fig. 10: AlexNet, batch 16, 10^9 MACs' "
          "energy; architecture and energy table eyeriss_isca16",
      .columns = {"layer", "energy"},
      .figures = {},
      .notes = {"one architecture and one energy table for all layers; mappings are those of the "
                "least energy that the search finds, no knob for a layer",
                "ALU and register file: equal when rounded as the paper does; four register file "
                "accesses a MAC",
                "ifmaps are fetched with their padding, as the paper's Table II states them; runs "
                "of a network do not fetch padding"}};
  const Architecture arch = cli::load_architecture("eyeriss_isca16");
  for (const Layer& layer : kLayers) {
    put_layer(result.figures, layer, run_layer(arch, layer).energy);
  }
  return result;
}

}  // namespace

Paper eyeriss_isca16() {
  return {"eyeriss_isca16", "Energy of AlexNet in Eyeriss's own analysis", &figures};
}

}  // namespace ridgeline::papers
