#include "models/numeric/random.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

namespace ridgeline {
namespace {

TEST_CASE("SplitMix64 gives the published sequence") {
  SplitMix64 random(1234567);
  CHECK(random() == 6457827717110365317U);
  CHECK(random() == 3203168211198807973U);
  CHECK(random() == 9817491932198370423U);
}

TEST_CASE("Normal samples have the normal distribution's moments and quantiles") {
  std::vector<float> samples(1000003);
  fill_normal(42, 1, samples);
  double sum = 0, squares = 0, fourth = 0;
  std::int64_t below_minus_one = 0;
  for (const double x : samples) {
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
    below_minus_one += x < -1 ? 1 : 0;
  }
  const double n = static_cast<double>(samples.size());
  CHECK(std::abs(sum / n) < 0.005);
  CHECK(squares / n == Approx(1).epsilon(0.005));
  CHECK(fourth / n == Approx(3).epsilon(0.02));
  CHECK(static_cast<double>(below_minus_one) / n == Approx(0.15866).epsilon(0.01));
  CHECK(std::count(samples.begin(), samples.end(), 0.0F) == 0);
  CHECK(std::set<float>(samples.begin(), samples.end()).size() == kNormalLevels);
  CHECK(*std::max_element(samples.begin(), samples.end()) < 3.7F);
}

TEST_CASE("Samples are scaled by the deviation and depend on the key alone") {
  std::vector<float> a(17), b(17), c(17);
  fill_normal(sequence_key(1, Purpose::weights, 2, 3), 1, a);
  fill_normal(sequence_key(1, Purpose::weights, 2, 3), 2, b);
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(b[i] == 2 * a[i]);
  std::set<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < 4; ++i) {
    for (std::uint64_t j = 0; j < 4; ++j) {
      for (const Purpose purpose : {Purpose::weights, Purpose::bias, Purpose::gamma}) {
        keys.insert(sequence_key(i, purpose, j, 5));
        keys.insert(sequence_key(7, purpose, i, j));
      }
    }
  }
  CHECK(keys.size() == 96);
}

TEST_CASE("Neighbouring samples and neighbouring sequences are uncorrelated") {
  std::vector<float> a(100000), b(100000);
  fill_normal(sequence_key(1, Purpose::weights, 0, 0), 1, a);
  fill_normal(sequence_key(1, Purpose::weights, 0, 1), 1, b);
  for (const std::size_t lag : {1U, 2U, 5U}) {
    double own = 0, other = 0;
    for (std::size_t i = 0; i + lag < a.size(); ++i) {
      own += static_cast<double>(a[i]) * a[i + lag];
      other += static_cast<double>(a[i]) * b[i + lag];
    }
    CHECK(std::abs(own) / static_cast<double>(a.size()) < 0.015);
    CHECK(std::abs(other) / static_cast<double>(a.size()) < 0.015);
  }
}

}  // namespace
}  // namespace ridgeline
