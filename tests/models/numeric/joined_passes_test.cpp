#include "models/numeric/joined_passes.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "models/mapping/dataflow.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;

namespace {

std::vector<Pass> joined(const std::vector<Pass>& passes, const ConvShape& shape) {
  std::vector<Pass> out;
  const auto take = [&](const Pass& pass) { out.push_back(pass); };
  JoinedPasses join(shape);
  for (const Pass& pass : passes) join.add(pass, take);
  join.finish(take);
  return out;
}

using Psum = std::array<int, 5>;          // g, n, m, p, q
using Product = std::array<int, 3>;       // c, r, s
constexpr Product kStart = {-1, -1, -1};  // the psum starts at zero

/// The products of a pass as the kernel orders them: blocks of `block` channels, r, s, c.
std::vector<Product> products_of(const Pass& x, int block) {
  std::vector<Product> products;
  if (x.first) products.push_back(kStart);
  if (x.k != Range{}) {
    const int taps = x.r.size() * x.s.size();
    for (int k = x.k.begin; k < x.k.end; ++k) {
      products.push_back({x.c.begin + k / taps, k % taps / x.s.size(), k % x.s.size()});
    }
    return products;
  }
  for (int from = x.c.begin; from < x.c.end; from += block) {
    for (int r = x.r.begin; r < x.r.end; ++r) {
      for (int s = x.s.begin; s < x.s.end; ++s) {
        for (int c = from; c < std::min(from + block, x.c.end); ++c) products.push_back({c, r, s});
      }
    }
  }
  return products;
}

/// What is added to each psum, in order.
std::map<Psum, std::vector<Product>> sums_of(const std::vector<Pass>& passes, int block) {
  std::map<Psum, std::vector<Product>> sums;
  for (const Pass& x : passes) {
    const std::vector<Product> products = products_of(x, block);
    for (const PositionBlock& at : position_blocks(x)) {
      for (int n = x.n.begin; n < x.n.end; ++n) {
        for (int m = x.m.begin; m < x.m.end; ++m) {
          for (int p = at.p.begin; p < at.p.end; ++p) {
            for (int q = at.q.begin; q < at.q.end; ++q) {
              auto& sum = sums[{x.g, n, m, p, q}];
              sum.insert(sum.end(), products.begin(), products.end());
            }
          }
        }
      }
    }
  }
  return sums;
}

struct TilePasses {
  ConvShape shape;
  Tile tile;
  PassExtent extent;
  std::vector<Pass> passes;
};

/// Those of a random tile under a dataflow.
TilePasses random_passes(const Dataflow& dataflow, std::uint64_t seed) {
  testing::Random random(seed);
  const int G = random.between(1, 2);
  TilePasses out;
  out.shape = {.N = 2,
               .G = G,
               .M = G * random.between(1, 9),
               .C = G * random.between(1, 9),
               .H = 9,
               .W = 9,
               .window = {.R = random.between(1, 3), .S = random.between(1, 3)}};
  const TileExtent t{.N = random.between(1, 2),
                     .G = G,
                     .M = out.shape.M_per_group(),
                     .C = out.shape.C_per_group(),
                     .P = random.between(1, out.shape.P()),
                     .Q = out.shape.Q()};
  out.tile = {.n = {0, t.N},
              .g = {0, G},
              .m = {0, t.M},
              .c = {0, t.C},
              .p = {0, t.P},
              .q = {0, t.Q},
              .first_c = random.between(0, 1) == 0};
  out.extent = dataflow.pass_extent({.rows = 4, .cols = 4, .psums_per_pe = 4}, out.shape, t);
  const PassSequence sequence(out.shape, out.extent, out.tile);
  for (std::int64_t i = 0; i < sequence.size(); ++i) out.passes.push_back(sequence[i]);
  return out;
}

}  // namespace

TEST_CASE("Joined passes take filters and channels whole, and keep the order of every sum") {
  std::size_t fewer = 0;
  for (const char* name : {"ws", "os", "rs", "ws_gemm", "os_gemm", "is_gemm"}) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      INFO(name << ", seed " << seed);
      const TilePasses x = random_passes(*find_dataflow(name), seed);
      const std::vector<Pass> out = joined(x.passes, x.shape);
      for (const Pass& pass : out) {
        CHECK(pass.k == Range{});
        CHECK(pass.m == x.tile.m);
        CHECK(pass.c == x.tile.c);
      }
      fewer += out.size() < x.passes.size() ? 1 : 0;
      auto sums = sums_of(out, x.extent.C);
      auto expected = sums_of(x.passes, x.extent.C);
      if (x.extent.K != 0) {  // no order among the parts of a box
        for (auto* all : {&sums, &expected}) {
          for (auto& [_, sum] : *all) std::ranges::sort(sum);
        }
      }
      CHECK(sums == expected);
    }
  }
  CHECK(fewer > 200);
}

TEST_CASE("A pass that is missing or comes twice is not made up for") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    const TilePasses x = random_passes(*find_dataflow("ws"), seed);
    const auto at = static_cast<std::ptrdiff_t>(seed % x.passes.size());
    std::vector<Pass> missing = x.passes, twice = x.passes;
    missing.erase(missing.begin() + at);
    twice.insert(twice.begin() + at, x.passes[static_cast<std::size_t>(at)]);
    CHECK(sums_of(joined(missing, x.shape), x.extent.C) == sums_of(missing, x.extent.C));
    CHECK(sums_of(joined(twice, x.shape), x.extent.C) == sums_of(twice, x.extent.C));
  }
}
