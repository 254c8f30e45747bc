#include <catch2/catch.hpp>
#include <set>

#include "models/mapping/dataflow.hpp"

using namespace ridgeline;

namespace {

/// The array and the buffer ports of Eyeriss v1.
Architecture eyeriss() {
  Architecture arch;
  arch.pe_array = {.rows = 12,
                   .cols = 14,
                   .preload = false,
                   .psums_per_pe = 24,
                   .ifmap_words_per_pe = 12,
                   .filter_words_per_pe = 224};
  arch.global_buffer = {.ifmap_words_per_cycle = 1,
                        .filter_words_per_cycle = 4,
                        .psum_in_words_per_cycle = 4,
                        .psum_out_words_per_cycle = 4};
  return arch;
}
/// AlexNet's CONV3 with a batch of four.
const ConvShape kConv3{
    .N = 4, .M = 384, .C = 256, .H = 13, .W = 13, .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}};

PassExtent rs_extent(const ConvShape& shape, const TileExtent& tile) {
  return find_dataflow("rs")->pass_extent(eyeriss().pe_array, shape, tile);
}
Pass whole_pass(const PassExtent& extent) {
  return {.n = {0, extent.N},
          .m = {0, extent.M},
          .c = {0, extent.C},
          .r = {0, extent.R},
          .s = {0, extent.S},
          .p = {0, extent.P},
          .q = {0, extent.Q},
          .sets = extent.sets};
}

}  // namespace

TEST_CASE("rs lays out the PE sets of Eyeriss as published", "[cost][rs]") {
  // JSSC 2017, Table III: CONV3 with q = 4 channels, p = 16 filters, t = 4 sets.
  const PassExtent conv3 = rs_extent(kConv3, {.N = 4, .M = 64, .C = 4, .P = 13, .Q = 13});
  CHECK(conv3.M == 64);
  CHECK(conv3.sets.M == 4);
  CHECK(conv3.sets.C == 1);
  // CONV4 and CONV5: q = 3, r = 2, t = 2, p = 16.
  const PassExtent conv4 = rs_extent(kConv3, {.N = 4, .M = 64, .C = 6, .P = 13, .Q = 13});
  CHECK(conv4.M == 32);
  CHECK(conv4.sets.M == 2);
  CHECK(conv4.sets.C == 2);
  // CONV1: strips of e = 7 ofmap rows, t = 2. CONV2: 27 rows fold into 14 and 13.
  const ConvShape conv1{.M = 96, .C = 3, .H = 227, .W = 227, .window = {11, 11, {4, 4}}};
  CHECK(rs_extent(conv1, {.M = 96, .C = 1, .P = 7, .Q = 55}).sets.M == 2);
  const ConvShape conv2{
      .M = 128, .C = 48, .H = 27, .W = 27, .window = {.R = 5, .S = 5, .pad = {2, 2, 2, 2}}};
  CHECK(rs_extent(conv2, {.M = 64, .C = 2, .P = 27, .Q = 27}).sets.M == 1);
}

TEST_CASE("rs adds up channels only in sets above one another", "[cost][rs]") {
  // Four sets of 3 x 7 below one another, twice side by side.
  const PassExtent wide = rs_extent(kConv3, {.N = 1, .M = 64, .C = 256, .P = 7, .Q = 13});
  CHECK(wide.sets.C == 4);
  CHECK(wide.sets.M == 2);
  // Two columns of three make no third column of two.
  PeArray array = eyeriss().pe_array;
  array.rows = 9;
  const TileExtent tile{.N = 1, .M = 64, .C = 8, .P = 7, .Q = 13};
  const PassExtent two = find_dataflow("rs")->pass_extent(array, kConv3, tile);
  CHECK(two.sets.C == 2);
  CHECK(two.sets.M == 2);
}

TEST_CASE("rs reads the ifmap rows that its dilated windows meet, each once", "[cost][rs]") {
  for (int P = 1; P <= 6; ++P) {
    for (int stride = 1; stride <= 4; ++stride) {
      for (int dilation = 1; dilation <= 4; ++dilation) {
        ConvShape shape{.H = 40, .W = 1, .window = {.R = 3, .S = 1}};
        shape.window.stride[0] = stride;
        shape.window.dilation[0] = dilation;
        std::set<int> rows;
        for (int p = 0; p < P; ++p) {
          for (int r = 0; r < 3; ++r) rows.insert(p * stride + r * dilation);
        }
        const Pass pass{
            .m = {0, 1}, .c = {0, 1}, .r = {0, 3}, .s = {0, 1}, .p = {0, P}, .q = {0, 1}};
        INFO(P << " ofmap rows, stride " << stride << ", dilation " << dilation);
        const PassAccesses words = find_dataflow("rs")->accesses(eyeriss(), shape, pass, {});
        CHECK(words.ports.ifmap == static_cast<std::int64_t>(rows.size()));
      }
    }
  }
}

TEST_CASE("An rs pass of Eyeriss's CONV3 waits for its psums", "[cost][rs]") {
  const Pass pass = whole_pass(rs_extent(kConv3, {.N = 4, .M = 64, .C = 4, .P = 13, .Q = 13}));
  const PassCost cost = find_dataflow("rs")->cost(eyeriss(), kConv3, pass, {});
  CHECK(cost.compute == Cycles(9984));
  CHECK(cost.load == Cycles(2304 / 4));
  // 43,264 psums at four a cycle; the MACs of the last column, two hops up and the first
  // column's psums come on top.
  CHECK(cost.stream + cost.fill_drain == Cycles(43264 / 4 + 192 + 208 + 2));
  const PassAccesses words = find_dataflow("rs")->accesses(eyeriss(), kConv3, pass, {});
  CHECK(words.ports.psum_in == 43264);
  CHECK(words.ports.psum_out == 43264);
  CHECK(words.ports.filter == 2304);
  CHECK(words.ports.ifmap == 4 * 4 * 15 * 15);
}

TEST_CASE("rs does four register file accesses a MAC", "[cost][rs]") {
  const Pass pass = whole_pass(rs_extent(kConv3, {.N = 1, .M = 64, .C = 4, .P = 13, .Q = 13}));
  const AccessCounts counts = find_dataflow("rs")->accesses(eyeriss(), kConv3, pass, {}).counts;
  CHECK(counts.mac == 64 * 4 * 9 * 169);
  CHECK(counts.rf_read() + counts.rf_write() == 4 * counts.mac);
}
