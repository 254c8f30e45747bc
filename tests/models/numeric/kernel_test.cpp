#include "models/numeric/kernel/kernel.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cstring>
#include <limits>

#include "models/numeric/requantize.hpp"
#include "tests/models/numeric/kernel_tables.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;
using kernel::kLanes;
using testing::all_tables;
using testing::Random;
using testing::vector_tables;

namespace {

/// A packed element: two words of the symmetric range, or one fp32 word.
std::int32_t random_element(Random& random, bool real, int largest) {
  if (real) return std::bit_cast<std::int32_t>(static_cast<float>(random.between(-999, 999)) / 64);
  const auto low = static_cast<std::uint32_t>(random.between(-largest, largest)) & 0xFFFFU;
  const auto high = static_cast<std::uint32_t>(random.between(-largest, largest)) << 16;
  return static_cast<std::int32_t>(low | high);
}

/// One random call on each table; the psums must be the same bytes.
template <class Psum>
void compare_multiply_accumulate(kernel::Functions kernel::Table::*precision, int largest,
                                 std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  kernel::MultiplyAccumulate call;
  call.blocks = random.between(1, 3);
  call.elements = random.between(1, 9);
  call.vecs = random.between(1, 3);
  call.R = random.between(1, 3);
  call.S = random.between(1, 3);
  call.r1 = random.between(1, call.R);
  call.s0 = random.between(0, call.S - 1);
  call.s1 = call.S;
  call.p1 = random.between(1, 4);
  call.q1 = random.between(1, 23);
  call.stride_h = random.between(1, 3);
  call.stride_w = random.between(1, 3);
  call.dilation_w = random.between(1, 2);
  const int height = (call.p1 - 1) * call.stride_h + call.R;
  const int width = (call.q1 - 1) * call.stride_w + (call.S - 1) * call.dilation_w + 1;
  call.ifmap_row = width * call.elements;
  call.ifmap_block = height * call.ifmap_row;
  call.psum_lanes = call.vecs * kLanes;
  call.psum_row = call.q1 * call.psum_lanes;
  const bool real = std::is_same_v<Psum, float>;
  std::vector<std::int32_t> ifmap(static_cast<std::size_t>(call.blocks * call.ifmap_block));
  std::vector<std::int32_t> filters(
      static_cast<std::size_t>(call.vecs * call.blocks * call.R * call.S * call.elements * kLanes));
  for (auto* operand : {&ifmap, &filters}) {
    for (auto& element : *operand) element = random_element(random, real, largest);
  }
  call.ifmap = ifmap.data();
  call.filters = filters.data();
  std::vector<Psum> start(static_cast<std::size_t>(call.p1 * call.psum_row));
  for (auto& psum : start) psum = static_cast<Psum>(random.between(-1000, 1000));

  std::vector<Psum> expected = start;
  call.psums = expected.data();
  (kernel::portable_table().*precision).multiply_accumulate(call);
  CHECK(expected != start);
  for (const kernel::Table* table : vector_tables()) {
    INFO((table->*precision).name);
    std::vector<Psum> psums = start;
    call.psums = psums.data();
    (table->*precision).multiply_accumulate(call);
    CHECK(std::memcmp(psums.data(), expected.data(), psums.size() * sizeof(Psum)) == 0);
  }
}

template <class Word, class Psum>
void compare_postprocess(kernel::Functions kernel::Table::*precision, std::uint64_t seed,
                         int smallest_shift) {
  INFO("seed " << seed);
  Random random(seed);
  kernel::Postprocess call;
  call.positions = random.between(1, 40);
  call.psum_lanes = 2 * kLanes;
  call.zero_point = random.between(-128, 127);
  call.lanes = random.between(1, kLanes);
  call.out_stride = call.positions + random.between(0, 3);
  call.lowest = -random.between(0, 127);
  call.highest = random.between(0, 127);
  call.lowest_fp32 = static_cast<float>(random.between(-99, 0));
  call.highest_fp32 = static_cast<float>(random.between(1, 1000000));
  for (int lane = 0; lane < kLanes; ++lane) {
    call.bias[lane] = random.between(-100000, 100000);
    call.multiplier[lane] = random.between(1 << 23, (1 << 24) - 1);
    call.shift[lane] = random.between(smallest_shift, 62);
    call.bias_fp32[lane] = static_cast<float>(random.between(-99, 99)) / 7;
  }
  std::vector<Psum> psums(static_cast<std::size_t>(call.positions * call.psum_lanes));
  for (auto& psum : psums) psum = static_cast<Psum>(random.between(-2000000000, 2000000000));
  call.psums = psums.data();
  std::vector<Word> expected(static_cast<std::size_t>(call.out_stride * kLanes));
  call.out = expected.data();
  (kernel::portable_table().*precision).postprocess(call);
  for (const kernel::Table* table : vector_tables()) {
    INFO((table->*precision).name);
    std::vector<Word> words(expected.size());
    call.out = words.data();
    (table->*precision).postprocess(call);
    CHECK(words == expected);
  }
}

}  // namespace

TEST_CASE("Every instruction set multiplies and accumulates to the same bits", "[kernel]") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    compare_multiply_accumulate<std::int32_t>(&kernel::Table::int8, 127, seed);
    compare_multiply_accumulate<std::int64_t>(&kernel::Table::int16, 32767, seed);
    compare_multiply_accumulate<float>(&kernel::Table::fp32, 0, seed);
  }
}

TEST_CASE("Full-scale int16 words do not overflow a pair of products", "[kernel]") {
  const std::int32_t largest = (32767 << 16) | 32767;
  std::vector<std::int32_t> filters(kLanes, largest);
  for (const kernel::Table* table : all_tables()) {
    std::vector<std::int64_t> psums(kLanes);
    table->int16.multiply_accumulate(
        {.ifmap = &largest, .filters = filters.data(), .psums = psums.data(), .p1 = 1, .q1 = 1});
    CHECK(psums == std::vector<std::int64_t>(kLanes, std::int64_t{2} * 32767 * 32767));
  }
}

TEST_CASE("Every instruction set requantises to the same words", "[kernel]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    // From a shift of 27 on int8 results have few bits, which vector instructions make use of.
    const int smallest_shift = seed % 2 == 0 ? 24 : 27;
    compare_postprocess<std::int8_t, std::int32_t>(&kernel::Table::int8, seed, smallest_shift);
    compare_postprocess<std::int16_t, std::int64_t>(&kernel::Table::int16, seed, smallest_shift);
    compare_postprocess<float, float>(&kernel::Table::fp32, seed, smallest_shift);
  }
}

TEST_CASE("Int8 requantisation holds for the outermost sums and factors", "[kernel]") {
  constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();
  const std::int32_t sums[] = {kMost, -kMost, 0, 1, -1, 1 << 26, -(1 << 26)};
  for (const int shift : {1, 26, 27, 31, 32, 33, 55, 62}) {
    for (const std::int64_t bias : {std::int64_t{0}, std::int64_t{kMost}, -std::int64_t{kMost}}) {
      kernel::Postprocess call{.psum_lanes = kLanes, .out_stride = 16, .positions = 7};
      call.zero_point = -128;
      call.lowest = -128;
      call.highest = 127;
      for (int lane = 0; lane < kLanes; ++lane) {
        call.bias[lane] = bias;
        call.multiplier[lane] = (1 << 24) - 1 - lane;
        call.shift[lane] = shift;
      }
      std::vector<std::int32_t> psums;
      for (const std::int32_t sum : sums) psums.insert(psums.end(), kLanes, sum);
      call.psums = psums.data();
      for (const kernel::Table* table : all_tables()) {
        INFO(table->int8.name << ", shift " << shift << ", bias " << bias);
        std::vector<std::int8_t> words(16 * kLanes);
        call.out = words.data();
        table->int8.postprocess(call);
        for (std::size_t i = 0; i < 7 * kLanes; ++i) {
          const std::size_t lane = i / 7, position = i % 7;
          const FixedPoint factor{static_cast<std::int32_t>(call.multiplier[lane]), shift};
          const std::int64_t y = scale_and_round(sums[position] + bias, factor) - 128;
          CHECK(words[lane * 16 + position] == std::clamp<std::int64_t>(y, -128, 127));
        }
      }
    }
  }
}
