// Packing and pooling: what the kernels do to words, beside multiplying.

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <functional>
#include <limits>

#include "models/base/integer.hpp"
#include "tests/models/numeric/kernel_tables.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;
using kernel::kLanes;
using testing::all_tables;
using testing::Random;

namespace {

template <class T>
std::vector<T> random_words(Random& random, int count) {
  std::vector<T> words(static_cast<std::size_t>(count));
  const int largest = sizeof(T) == 1 ? 128 : 32767;
  for (T& word : words) word = static_cast<T>(random.between(-largest, largest - 1));
  return words;
}

/// What kernel.hpp says of a packed element; `word(c)` is that of channel c.
template <class T>
std::int32_t element_of(const std::function<T(int)>& word, int element, int channels, int zero) {
  if constexpr (std::is_same_v<T, float>) {
    return element < channels ? std::bit_cast<std::int32_t>(word(element)) : 0;
  } else {
    const auto half = [&](int c) { return c < channels ? (word(c) - zero) & 0xFFFF : 0; };
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(half(2 * element)) |
                                     static_cast<std::uint32_t>(half(2 * element + 1)) << 16);
  }
}

template <class T>
int random_zero(Random& random) {
  return sizeof(T) == 1 ? random.between(-128, 127) : 0;
}

constexpr std::int32_t kUntouched = 0x5A5A5A5A;

template <class T>
void check_pack_ifmap(kernel::Functions kernel::Table::*precision, std::uint64_t seed) {
  Random random(seed);
  kernel::PackIfmap call;
  call.channels = random.between(1, 45);
  call.positions = random.between(1, 40);
  call.channel_stride = call.positions + random.between(0, 5);
  call.elements = ceil_div(call.channels, sizeof(T) == 4 ? 1 : 2) + random.between(0, 2);
  call.zero = random_zero<T>(random);
  const auto words = random_words<T>(random, static_cast<int>(call.channels * call.channel_stride));
  call.words = words.data();
  std::vector<std::int32_t> expected;
  for (int i = 0; i < call.positions; ++i) {
    for (int element = 0; element < call.elements; ++element) {
      expected.push_back(element_of<T>(
          [&](int c) { return words[static_cast<std::size_t>(c * call.channel_stride + i)]; },
          element, call.channels, call.zero));
    }
  }
  expected.resize(expected.size() + 8, kUntouched);
  for (const kernel::Table* table : all_tables()) {
    INFO((table->*precision).name);
    std::vector<std::int32_t> out(expected.size(), kUntouched);
    call.out = out.data();
    (table->*precision).pack_ifmap(call);
    CHECK(out == expected);
  }
}

template <class T>
void check_pack_filters(kernel::Functions kernel::Table::*precision, std::uint64_t seed) {
  Random random(seed);
  kernel::PackFilters call;
  call.lanes = random.between(1, kLanes);
  call.channels = random.between(1, 45);
  call.taps = random.between(0, 1) == 0 ? 1 : random.between(2, 9);
  call.filter_stride = call.channels * call.taps + random.between(0, 5);
  call.elements = ceil_div(call.channels, sizeof(T) == 4 ? 1 : 2) + random.between(0, 2);
  for (int lane = 0; lane < call.lanes; ++lane) call.zeros[lane] = random_zero<T>(random);
  const auto words = random_words<T>(random, static_cast<int>(call.lanes * call.filter_stride));
  call.words = words.data();
  std::vector<std::int32_t> expected;
  for (int tap = 0; tap < call.taps; ++tap) {
    for (int element = 0; element < call.elements; ++element) {
      for (int lane = 0; lane < kLanes; ++lane) {
        const auto word = [&](int c) {
          return words[static_cast<std::size_t>(lane * call.filter_stride + c * call.taps + tap)];
        };
        expected.push_back(
            lane < call.lanes ? element_of<T>(word, element, call.channels, call.zeros[lane]) : 0);
      }
    }
  }
  expected.resize(expected.size() + 8, kUntouched);
  for (const kernel::Table* table : all_tables()) {
    INFO((table->*precision).name);
    std::vector<std::int32_t> out(expected.size(), kUntouched);
    call.out = out.data();
    (table->*precision).pack_filters(call);
    CHECK(out == expected);
  }
}

template <class T>
void check_max_pool_row(kernel::Functions kernel::Table::*precision, std::uint64_t seed) {
  Random random(seed);
  kernel::MaxPoolRow call;
  call.R = random.between(1, 4);
  call.S = random.between(1, 4);
  call.stride = random.between(1, 3);
  call.dilation = random.between(1, 2);
  call.positions = random.between(1, 70);
  const int span = (call.positions - 1) * call.stride + (call.S - 1) * call.dilation + 1;
  call.pad_left = random.between(0, std::min(2, span - 1));
  const int pad_right = random.between(0, std::min(2, span - call.pad_left - 1));
  call.width = span - call.pad_left - pad_right;
  call.row_step = call.width + random.between(0, 9);
  call.lowest = -100;
  call.highest = 100;
  call.lowest_fp32 = -100;
  call.highest_fp32 = 100;
  const auto words = random_words<T>(random, static_cast<int>(call.R * call.row_step));
  call.rows = words.data();
  std::vector<T> expected;
  for (int i = 0; i < call.positions; ++i) {
    T largest = std::numeric_limits<T>::lowest();
    for (int s = 0; s < call.S; ++s) {
      const int x = i * call.stride + s * call.dilation - call.pad_left;
      for (int r = 0; r < call.R && x >= 0 && x < call.width; ++r) {
        largest = std::max(largest, words[static_cast<std::size_t>(r * call.row_step + x)]);
      }
    }
    expected.push_back(std::clamp<T>(largest, -100, 100));
  }
  for (const kernel::Table* table : all_tables()) {
    INFO((table->*precision).name);
    std::vector<T> columns(static_cast<std::size_t>(span), std::numeric_limits<T>::lowest());
    std::vector<T> out(expected.size());
    call.columns = columns.data();
    call.out = out.data();
    (table->*precision).max_pool_row(call);
    CHECK(out == expected);
  }
}

}  // namespace

TEST_CASE("Every instruction set packs the ifmap as its layout says", "[kernel]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    check_pack_ifmap<std::int8_t>(&kernel::Table::int8, seed);
    check_pack_ifmap<std::int16_t>(&kernel::Table::int16, seed);
    check_pack_ifmap<float>(&kernel::Table::fp32, seed);
  }
}

TEST_CASE("Every instruction set packs filters as their layout says", "[kernel]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    check_pack_filters<std::int8_t>(&kernel::Table::int8, seed);
    check_pack_filters<std::int16_t>(&kernel::Table::int16, seed);
    check_pack_filters<float>(&kernel::Table::fp32, seed);
  }
}

TEST_CASE("Every instruction set finds the largest word of each window", "[kernel]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    check_max_pool_row<std::int8_t>(&kernel::Table::int8, seed);
    check_max_pool_row<std::int16_t>(&kernel::Table::int16, seed);
    check_max_pool_row<float>(&kernel::Table::fp32, seed);
  }
}

TEST_CASE("A word that is not a number is never the largest", "[kernel]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> rows{nan, 2, nan, 1, nan, nan};
  for (const kernel::Table* table : all_tables()) {
    INFO(table->fp32.name);
    std::vector<float> columns(3), out(2);
    table->fp32.max_pool_row({.rows = rows.data(),
                              .row_step = 3,
                              .R = 2,
                              .S = 2,
                              .width = 3,
                              .positions = 2,
                              .columns = columns.data(),
                              .out = out.data(),
                              .lowest_fp32 = -9,
                              .highest_fp32 = 9});
    CHECK(out == std::vector<float>{2, 2});
  }
}
