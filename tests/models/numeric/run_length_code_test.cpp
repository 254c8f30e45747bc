#include "models/numeric/run_length_code.hpp"

#include <catch2/catch.hpp>

#include "models/cost/dram_cost.hpp"
#include "tests/models/numeric/hand_made.hpp"
#include "tests/support/random_case.hpp"

namespace ridgeline {
namespace {

using testing::Random;

template <class T>
Tensor<T> line(std::vector<T> words) {
  const int count = static_cast<int>(words.size());
  return hand_made::tensor<T>({.N = 1, .C = 1, .H = 1, .W = count}, std::move(words));
}

/// `count` zeros and then one word.
Tensor<std::int16_t> zeros_and_a_word(int count, std::int16_t word) {
  std::vector<std::int16_t> words(static_cast<std::size_t>(count));
  words.push_back(word);
  return line(std::move(words));
}

std::vector<std::byte> bytes(std::initializer_list<unsigned> values) {
  std::vector<std::byte> result;
  for (const unsigned value : values) result.push_back(static_cast<std::byte>(value));
  return result;
}

bool same_bits(const AnyTensor& a, const AnyTensor& b) {
  return shape_of(a) == shape_of(b) && std::ranges::equal(bytes_of(a), bytes_of(b));
}

void check_round_trip(const AnyTensor& tensor, std::int32_t zero_point) {
  const std::vector<std::byte> code = encode_run_lengths(tensor, zero_point);
  CHECK(std::ssize(code) == run_length_bytes(tensor, zero_point));
  const auto back = decode_run_lengths(code, precision_of(tensor), shape_of(tensor), zero_point);
  REQUIRE(back);
  CHECK(same_bits(*back, tensor));
}

/// Words of which one in `busy` is not the zero point, in runs of chance.
template <class T>
Tensor<T> random_tensor(Random& random, T zero, int busy) {
  Tensor<T> tensor({.N = random.between(1, 2),
                    .C = random.between(1, 7),
                    .H = random.between(1, 12),
                    .W = random.between(1, 40)});
  for (T& word : tensor.data) {
    word = random.one_in(busy) ? static_cast<T>(random.between(-128, 127)) : zero;
  }
  return tensor;
}

TEST_CASE("A code of three pairs lies in 64 bits as the paper has it") {
  // (2, 0x1234), (0, 0x0001), (1, 0xFFFF), and the bit that says that it is the last one.
  const auto tensor = line<std::int16_t>({0, 0, 0x1234, 1, 0, -1});
  const std::uint64_t code = 2 | std::uint64_t{0x1234} << 5 | std::uint64_t{0} << 21 |
                             std::uint64_t{1} << 26 | std::uint64_t{1} << 42 |
                             std::uint64_t{0xFFFF} << 47 | std::uint64_t{1} << 63;
  const std::vector<std::byte> encoded = encode_run_lengths(tensor, 0);
  REQUIRE(encoded.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(std::to_integer<std::uint64_t>(encoded[i]) == (code >> (8 * i) & 0xFF));
  }
}

TEST_CASE("A run holds 31 zeros; the word after it may be the next one") {
  const auto codes = [](int zeros) { return run_length_bytes(zeros_and_a_word(zeros, 7), 0) / 8; };
  // Three pairs a code: 31 zeros and a word, and 32 zeros twice before it, are one code.
  CHECK(codes(31) == 1);
  CHECK(codes(32 + 32 + 31) == 1);
  CHECK(codes(32 + 32 + 32) == 2);
  // Zeros at the end have their last one for a word.
  CHECK(run_length_bytes(line(std::vector<std::int16_t>(96)), 0) == 8);
  CHECK(run_length_bytes(line(std::vector<std::int16_t>(97)), 0) == 16);
}

TEST_CASE("A code is 40 bits for int8 words and 112 bits for fp32") {
  CHECK(run_length_bytes(line<std::int8_t>({1, 2, 3}), 0) == 5);
  CHECK(run_length_bytes(line<std::int8_t>({1, 2, 3, 4}), 0) == 10);
  CHECK(run_length_bytes(line<float>({1, 2, 3}), 0) == 14);
}

TEST_CASE("Every tensor comes back bit for bit, whatever its zeros and zero point") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    const int busy = random.pick({1, 2, 3, 10, 50, 1000});
    const int zero_point = random.pick({0, 0, 5, -128, 127});
    check_round_trip(random_tensor<std::int8_t>(random, static_cast<std::int8_t>(zero_point), busy),
                     zero_point);
    check_round_trip(random_tensor<std::int16_t>(random, 0, busy), 0);
    check_round_trip(random_tensor<float>(random, 0, busy), 0);
  }
}

TEST_CASE("The sign of an fp32 zero is kept") {
  check_round_trip(line<float>({0.0F, -0.0F, 0.0F, 1.0F}), 0);
}

TEST_CASE("A tensor of no words has no code") {
  const Tensor<std::int16_t> none({.N = 1, .C = 0, .H = 1, .W = 1});
  CHECK(encode_run_lengths(none, 0).empty());
  CHECK(measured_coded_ratio(none, 0) == 1);
  CHECK(decode_run_lengths({}, Precision::int16, none.shape, 0));
  CHECK_FALSE(
      decode_run_lengths(bytes({0, 0, 0, 0, 0, 0, 0, 0x80}), Precision::int16, none.shape, 0));
}

TEST_CASE("What is no code of such a tensor is refused") {
  const TensorShape four{.N = 1, .C = 1, .H = 1, .W = 4};
  const auto decoded = [&](const std::vector<std::byte>& code) {
    return decode_run_lengths(code, Precision::int8, four, 0).has_value();
  };
  const std::vector<std::byte> good = encode_run_lengths(line<std::int8_t>({1, 2, 3, 4}), 0);
  REQUIRE(good.size() == 10);
  CHECK(decoded(good));
  for (std::size_t length = 0; length < good.size(); ++length) {
    INFO("cut to " << length << " bytes");
    CHECK_FALSE(decoded({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)}));
  }
  std::vector<std::byte> longer = good;
  longer.resize(15);
  CHECK_FALSE(decoded(longer));
  for (const std::size_t byte : {4U, 9U}) {  // the bits that say which code is the last
    std::vector<std::byte> changed = good;
    changed[byte] ^= std::byte{0x80};
    CHECK_FALSE(decoded(changed));
  }
  std::vector<std::byte> behind = good;
  behind[8] |= std::byte{1};  // a third pair of the second code, where one pair is all
  CHECK_FALSE(decoded(behind));
  CHECK_FALSE(decoded(bytes({4, 0, 0, 0, 0x80})));  // a run over the end
  CHECK(decoded(bytes({3, 0, 0, 0, 0x80})));
}

TEST_CASE("Random bytes never do harm, and what is decoded has the tensor's shape") {
  Random random(5);
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::byte> code(static_cast<std::size_t>(random.between(0, 30)));
    for (std::byte& byte : code) byte = static_cast<std::byte>(random.between(0, 255));
    const TensorShape shape{.N = 1, .C = random.between(0, 3), .H = 2, .W = random.between(1, 30)};
    for (const Precision precision : {Precision::int8, Precision::int16, Precision::fp32}) {
      const auto tensor = decode_run_lengths(code, precision, shape, 0);
      if (tensor) CHECK(shape_of(*tensor) == shape);
    }
  }
}

TEST_CASE("More zeros never make a longer code") {
  Random random(6);
  Tensor<std::int16_t> tensor = random_tensor<std::int16_t>(random, 1, 1);
  std::int64_t before = run_length_bytes(tensor, 0);
  for (std::size_t i = 0; i < tensor.data.size(); ++i) {
    tensor.data[(i * 7919) % tensor.data.size()] = 0;
    const std::int64_t now = run_length_bytes(tensor, 0);
    CHECK(now <= before);
    before = now;
  }
}

TEST_CASE("The ratio of scattered zeros is the one that is declared, and one at most") {
  Random random(7);
  for (const double zeros : {0.3, 0.5, 0.7}) {
    Tensor<std::int16_t> tensor({.N = 1, .C = 20, .H = 50, .W = 100});
    for (std::int16_t& word : tensor.data) {
      word = random.between(0, 999) < zeros * 1000 ? std::int16_t{0} : std::int16_t{9};
    }
    CHECK(measured_coded_ratio(tensor, 0) ==
          Approx(run_length_ratio(zeros, Precision::int16)).margin(0.01));
  }
  CHECK(measured_coded_ratio(line<std::int16_t>({1, 2, 3}), 0) == 1);
}

}  // namespace
}  // namespace ridgeline
