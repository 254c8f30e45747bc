#include "models/mapping/pass.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "models/mapping/dataflow.hpp"

using namespace ridgeline;

namespace {

ConvShape shape_of(int R, int S) {
  return {.M = 9, .C = 7, .H = 12, .W = 12, .window = {.R = R, .S = S}};
}

/// Every MAC coordinate of a list of passes, in no order.
std::vector<std::array<int, 6>> macs_of(const std::vector<Pass>& passes) {
  std::vector<std::array<int, 6>> macs;
  for (const Pass& x : passes) {
    for (int m = x.m.begin; m < x.m.end; ++m)
      for (int c = x.c.begin; c < x.c.end; ++c)
        for (int r = x.r.begin; r < x.r.end; ++r)
          for (int s = x.s.begin; s < x.s.end; ++s)
            for (int p = x.p.begin; p < x.p.end; ++p)
              for (int q = x.q.begin; q < x.q.end; ++q) macs.push_back({m, c, r, s, p, q});
  }
  std::ranges::sort(macs);
  return macs;
}

std::vector<Pass> merged(const std::vector<Pass>& passes, const ConvShape& shape) {
  PassMerger merger;
  std::vector<Pass> out;
  const auto take = [&](const auto& complete) {
    for (const auto& pass : complete) {
      if (pass) out.push_back(*pass);
    }
  };
  for (const Pass& pass : passes) take(merger.add(pass, shape));
  take(merger.rest());
  return out;
}

std::vector<Pass> ws_passes(const ConvShape& shape) {
  const Tile tile{.g = {0, 1}, .m = {0, 9}, .c = {0, 7}, .p = {0, 3}, .q = {0, 2}};
  const PassSequence sequence(
      shape,
      find_dataflow("ws")->pass_extent({.rows = 4, .cols = 4}, shape,
                                       {.P = tile.p.size(), .Q = tile.q.size()}),
      tile);
  std::vector<Pass> passes;
  for (std::int64_t i = 0; i < sequence.size(); ++i) passes.push_back(sequence[i]);
  return passes;
}

}  // namespace

TEST_CASE("The passes of a ws tile walk M, C, R, S and mark the ends of each psum's chain") {
  const auto passes = ws_passes(shape_of(3, 2));
  CHECK(passes.size() == 3 * 2 * 6);
  CHECK(passes.front().first);
  CHECK_FALSE(passes[1].first);
  CHECK(passes[1].s == Range{1, 2});
  CHECK(passes[6].c == Range{4, 7});
  CHECK(passes[11].last);
  CHECK(passes[12].m == Range{4, 8});
  CHECK(passes[12].first);
  CHECK(passes.back().ends_tile);
}

TEST_CASE("Merged passes are those of whole chains of taps, and do the same MACs") {
  for (const auto& [R, S] : {std::pair{3, 3}, {1, 3}, {3, 1}, {1, 1}, {5, 2}}) {
    const ConvShape shape = shape_of(R, S);
    const auto passes = ws_passes(shape);
    const auto joined = merged(passes, shape);
    CHECK(joined.size() == 6);  // M blocks x C blocks
    CHECK(macs_of(joined) == macs_of(passes));
    CHECK(joined[0].first);
    CHECK_FALSE(joined[1].first);
  }
}

TEST_CASE("Parts of a flattened box of positions are at most three rectangles of it") {
  Pass pass{.p = {2, 7}, .q = {1, 4}};
  for (int begin = 0; begin < 15; ++begin) {
    for (int end = begin + 1; end <= 15; ++end) {
      pass.x = {begin, end};
      std::vector<int> flattened;
      for (const PositionBlock& block : position_blocks(pass)) {
        for (int p = block.p.begin; p < block.p.end; ++p) {
          for (int q = block.q.begin; q < block.q.end; ++q) {
            flattened.push_back((p - 2) * 3 + q - 1);
          }
        }
      }
      INFO(begin << " to " << end);
      REQUIRE(static_cast<int>(flattened.size()) == end - begin);
      for (int i = begin; i < end; ++i) {
        CHECK(flattened[static_cast<std::size_t>(i - begin)] == i);
      }
    }
  }
}

TEST_CASE("The parts of a c x r x s box are joined once it is complete, and never across a gap") {
  const ConvShape shape = shape_of(3, 2);
  const Tile tile{.g = {0, 1}, .m = {0, 9}, .c = {0, 7}, .p = {0, 3}, .q = {0, 2}};
  const PassSequence sequence(shape,
                              find_dataflow("ws_gemm")->pass_extent(
                                  {.rows = 16, .cols = 4}, shape, {.M = 9, .C = 7, .P = 3, .Q = 2}),
                              tile);
  std::vector<Pass> passes;
  for (std::int64_t i = 0; i < sequence.size(); ++i) passes.push_back(sequence[i]);
  REQUIRE(passes.size() == 3 * 3);  // 9 filters in 3 blocks, 42 products in 3
  CHECK(passes[2].k == Range{32, 42});
  CHECK(passes[2].last);
  const auto joined = merged(passes, shape);
  REQUIRE(joined.size() == 3);
  for (const Pass& pass : joined) {
    CHECK(pass.k == Range{});
    CHECK(pass.first);
    CHECK(pass.last);
  }
  passes.erase(passes.begin() + 1);
  CHECK(merged(passes, shape).size() == 4);
}

TEST_CASE("A pass that is missing stays missing when the others are merged") {
  const ConvShape shape = shape_of(3, 3);
  for (const std::size_t lost : {0U, 1U, 4U, 8U, 9U, 13U}) {
    auto passes = ws_passes(shape);
    passes.erase(passes.begin() + static_cast<std::ptrdiff_t>(lost));
    CHECK(macs_of(merged(passes, shape)) == macs_of(passes));
  }
}
