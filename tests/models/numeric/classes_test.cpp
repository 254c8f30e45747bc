#include "models/numeric/classes.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace ridgeline {
namespace {

Tensor<std::int8_t> outputs() {
  Tensor<std::int8_t> tensor({2, 4, 1, 1});
  tensor.data = {0, 3, 3, -8, 5, 4, 3, 2};
  return tensor;
}

TEST_CASE("The best classes of each picture come largest first, equal ones by their number") {
  const std::vector<ClassScore> best =
      top_classes(outputs(), {.scale = 0.5}, false, 3, {"a", "b", "c", "d"});
  REQUIRE(best.size() == 6);
  const std::vector<int> indices{1, 2, 0, 0, 1, 2};
  for (std::size_t i = 0; i < best.size(); ++i) {
    CHECK(best[i].index == indices[i]);
    CHECK(best[i].picture == (i < 3 ? 0 : 1));
    CHECK(best[i].label == std::string(1, static_cast<char>('a' + indices[i])));
  }
  const double sum = 1 + 2 * std::exp(1.5) + std::exp(-4.0);
  CHECK(best[0].value == 1.5);
  CHECK(best[0].score == Approx(std::exp(1.5) / sum));
  CHECK(best[2].score == Approx(1 / sum));
}

TEST_CASE("Probabilities are scores as they are, and feature maps have no classes") {
  const std::vector<ClassScore> best = top_classes(outputs(), {.scale = 0.1}, true, 1, {});
  REQUIRE(best.size() == 2);
  CHECK(best[1].score == Approx(0.5));
  CHECK(best[1].label.empty());
  CHECK(top_classes(outputs(), {}, false, 100, {}).size() == 8);
  CHECK(top_classes(Tensor<float>({1, 4, 2, 1}), {}, false, 5, {}).empty());
}

}  // namespace
}  // namespace ridgeline
