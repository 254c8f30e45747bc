#include "tests/support/register_case.hpp"

#include <algorithm>

namespace ridgeline::testing {
namespace {

ConvShape random_shape(Random& random) {
  ConvShape shape{.N = random.pick({1, 1, 2, 3}),
                  .G = random.pick({1, 1, 1, 2, 3}),
                  .H = random.between(1, 8),
                  .W = random.between(1, 8)};
  shape.C = shape.G * random.pick({1, 2, 3, 5, 8, 13});
  shape.M = shape.G * random.pick({1, 2, 3, 7, 12, 14});
  Window& w = shape.window;
  w.R = random.between(1, 3);
  w.S = random.between(1, 3);
  if (random.one_in(3)) w.R = w.S = 1;
  for (int& stride : w.stride) stride = random.between(1, 3);
  for (int& dilation : w.dilation) dilation = random.one_in(4) ? 2 : 1;
  w.R = std::min(w.R, (shape.H - 1) / w.dilation[0] + 1);
  w.S = std::min(w.S, (shape.W - 1) / w.dilation[1] + 1);
  for (std::size_t side = 0; side < 4; ++side) {
    w.pad[side] = random.between(0, (side % 2 == 0 ? w.R : w.S) / 2);
  }
  return shape;
}

std::vector<int> random_words(Random& random, std::int64_t count, int zero_in) {
  std::vector<int> words(static_cast<std::size_t>(count));
  for (int& word : words) word = random.one_in(zero_in) ? 0 : random.between(-99, 99);
  return words;
}

bool one_pass(const RegisterCase& c, const TileExtent& extent) {
  const Tile tile{.n = {0, extent.N},
                  .g = {0, extent.G},
                  .m = {0, extent.M},
                  .c = {0, extent.C},
                  .p = {0, extent.P},
                  .q = {0, extent.Q}};
  const ConvShape& shape = c.data.shape;
  return PassSequence(shape, c.mapping.dataflow->pass_extent(c.arch.pe_array, shape, extent), tile)
             .size() == 1;
}

TileExtent random_extent(Random& random, const RegisterCase& c) {
  const TileExtent all = iteration_space(c.layer);
  const auto part = [&](int total) { return random.one_in(2) ? total : random.between(1, total); };
  TileExtent extent{
      .N = part(all.N), .M = part(all.M), .C = part(all.C), .P = part(all.P), .Q = part(all.Q)};
  if (c.mapping.dataflow->psums_stay_in_pes && !one_pass(c, extent)) extent.C = all.C;
  if (extent.M == all.M && extent.C == all.C) extent.G = random.between(1, all.G);
  return extent;
}

}  // namespace

Architecture random_small_array(Random& random, Fabric fabric) {
  Architecture arch = random_architecture(random);
  arch.pe_array.rows = random.between(1, 12);
  arch.pe_array.cols = random.between(1, 12);
  arch.pe_array.fabric = fabric;
  arch.pe_array.psums_per_pe = random.between(1, 5);
  arch.pe_array.ifmap_words_per_pe = random.between(1, 12);
  arch.pe_array.filter_words_per_pe = random.between(1, 60);
  GlobalBuffer& buffer = arch.global_buffer;
  for (int* port : {&buffer.ifmap_words_per_cycle, &buffer.filter_words_per_cycle,
                    &buffer.psum_in_words_per_cycle, &buffer.psum_out_words_per_cycle}) {
    *port = random.between(1, 14);
  }
  return arch;
}

RegisterCase random_register_case(Random& random, const Dataflow& dataflow, Fabric fabric) {
  RegisterCase c;
  c.arch = random_small_array(random, fabric);
  ConvShape& shape = c.data.shape;
  shape = random_shape(random);
  c.data.ifmap = random_words(random, shape.ifmap().elements(), 5);
  c.data.filters = random_words(random, shape.filter_elements(), random.between(1, 6));
  c.layer = {.kind = LayerKind::conv, .shape = shape, .output_shape = shape.ofmap()};
  c.mapping.dataflow = &dataflow;
  c.mapping.tile = random_extent(random, c);
  if (dataflow.skips_zero_weights && c.arch.pe_array.skip_zero_weights) {
    const int taps = shape.R() * shape.S();
    std::vector<std::int32_t> zeros(static_cast<std::size_t>(shape.M * shape.C_per_group()));
    for (std::size_t i = 0; i < c.data.filters.size(); ++i) {
      if (c.data.filters[i] == 0) ++zeros[i / static_cast<std::size_t>(taps)];
    }
    c.zeros = ZeroWeights(zeros, shape.C_per_group());
  }
  return c;
}

std::vector<Pass> passes_of(const RegisterCase& c, const Tile& tile) {
  const ConvShape& shape = c.data.shape;
  const PassExtent pass = c.mapping.dataflow->pass_extent(c.arch.pe_array, shape, c.mapping.tile);
  const PassSequence sequence(shape, pass, tile);
  std::vector<Pass> passes;
  for (std::int64_t i = 0; i < sequence.size(); ++i) passes.push_back(sequence[i]);
  return passes;
}

Cycles modelled_cycles(const RegisterCase& c, const std::vector<Pass>& passes) {
  const bool preload = c.arch.pe_array.preload;
  const auto cost = [&](std::size_t i) {
    return c.mapping.dataflow->cost(c.arch, c.data.shape, passes[i], c.zeros);
  };
  Cycles cycles = first_load_cycles(cost(0), preload).total();
  for (std::size_t i = 0; i < passes.size(); ++i) {
    const Cycles next = i + 1 < passes.size() ? cost(i + 1).load : Cycles(0);
    cycles += pass_cycles(cost(i), next, preload).total();
  }
  return cycles;
}

std::int64_t convolution_at(const sim::register_level::LayerData& data, int n, int m, int p,
                            int q) {
  const ConvShape& s = data.shape;
  const Window& w = s.window;
  const int first_channel = m / s.M_per_group() * s.C_per_group();
  std::int64_t sum = 0;
  for (int c = 0; c < s.C_per_group(); ++c) {
    for (int r = 0; r < w.R; ++r) {
      for (int tap = 0; tap < w.S; ++tap) {
        const int h = p * w.stride[0] + r * w.dilation[0] - w.pad[0];
        const int v = q * w.stride[1] + tap * w.dilation[1] - w.pad[1];
        if (h < 0 || h >= s.H || v < 0 || v >= s.W) continue;
        const int x = ((n * s.C + first_channel + c) * s.H + h) * s.W + v;
        const int f = ((m * s.C_per_group() + c) * w.R + r) * w.S + tap;
        sum += std::int64_t{data.ifmap[static_cast<std::size_t>(x)]} *
               data.filters[static_cast<std::size_t>(f)];
      }
    }
  }
  return sum;
}

}  // namespace ridgeline::testing
