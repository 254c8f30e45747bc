#include <catch2/catch.hpp>
#include <functional>
#include <limits>

#include "models/base/error.hpp"
#include "tests/conformance/oracle.hpp"

/// Shapes and pads that exporters put together from constants and shapes of arrays.
namespace ridgeline::onnx_tests {
namespace {

using Catch::Contains;
using Ints = std::vector<std::int64_t>;

/// x (2x3x4x5) -> Reshape to the list "shape" -> Reshape back -> Relu -> y
TrainedNetwork reshape_by_list(ModelBuilder model) {
  model.integers("back", {2, 3, 4, 5});
  model.node("Reshape", {"x", "shape"}, "looked");
  model.node("Reshape", {"looked", "back"}, "r");
  model.node("Relu", {"r"});
  return model.parse();
}

/// What Slice makes of 0, 1, 2, ... 9: told by a Reshape that only works with the right list.
void check_slice(const Ints& from, const Ints& to, const Ints& step, const Ints& expected) {
  ModelBuilder model({1, 1, 1, 1});
  model.integers("list", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  model.integers("from", from);
  model.integers("to", to);
  model.integers("axes", {0});
  model.integers("step", step);
  model.integers("minus", expected);
  model.node("Slice", {"list", "from", "to", "axes", "step"}, "part");
  model.node("Sub", {"part", "minus"}, "zeros");
  model.integers("one", {1});
  model.node("Add", {"zeros", "one"}, "shape");
  model.node("Reshape", {"x", "shape"}, "looked");
  model.node("Relu", {"looked"});
  INFO(from[0] << " to " << to[0] << " by " << step[0]);
  CHECK_NOTHROW(model.parse());
}

}  // namespace

TEST_CASE("Slice takes what the specification says, forwards and backwards", "[conformance]") {
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
  check_slice({2}, {5}, {1}, {2, 3, 4});
  check_slice({-3}, {kFar}, {1}, {7, 8, 9});
  check_slice({0}, {-7}, {2}, {0, 2});
  check_slice({-1}, {-kFar}, {-4}, {9, 5, 1});
  check_slice({20}, {-4}, {-1}, {9, 8, 7});
  check_slice({-20}, {1}, {kFar}, {0});
  check_slice({3}, {-kFar - 1}, {-kFar - 1}, {3});
  check_slice({5}, {5}, {1}, {});
  check_slice({8}, {2}, {1}, {});
}

TEST_CASE("Pads put together from constants pad as PyTorch's exporter means them",
          "[conformance]") {
  // torch.nn.ZeroPad2d((1, 2, 3, 0)): the last dimension comes first, begin and end in turn.
  const Array x = random_array({1, 3, 6, 5}, 1), w = random_array({4, 3, 3, 3}, 2);
  ModelBuilder model(x.dims);
  model.weights("w", w);
  model.integers("own", {1, 2, 3, 0});
  model.integers("rest", {4});
  model.integers("pairs", {-1, 2});
  model.integers("flat", {-1});
  model.integers("from", {-1});
  model.integers("to", {-9223372036854775807});
  model.integers("axes", {0});
  model.node("ConstantOfShape", {"rest"}, "zeros_float");
  put(model.node("Cast", {"zeros_float"}, "zeros"), "to", std::int64_t{7});
  put(model.node("Concat", {"own", "zeros"}, "all"), "axis", std::int64_t{0});
  model.node("Reshape", {"all", "pairs"}, "by_dimension");
  model.node("Slice", {"by_dimension", "from", "to", "axes", "from"}, "first_first");
  put(model.node("Transpose", {"first_first"}, "begins_first"), "perm", Ints{1, 0});
  model.node("Reshape", {"begins_first", "flat"}, "list");
  put(model.node("Cast", {"list"}, "pads"), "to", std::int64_t{7});
  model.node("Pad", {"x", "pads"}, "padded");
  model.node("Conv", {"padded", "w"});
  const TrainedNetwork trained = model.parse();
  CHECK(trained.network.nodes.size() == 2);
  const Array expected = convolve(x, w, {}, {.top = 3, .left = 1, .bottom = 0, .right = 2});
  CHECK(distance(by_reference(trained, x.values), expected.values) <= 1e-5);
  CHECK(distance(by_machine(trained, x.values), expected.values) <= 1e-5);
}

TEST_CASE("Extents are worked out from the shape of an array", "[conformance]") {
  ModelBuilder model({2, 3, 4, 5});
  model.integers("which", {1, 3});
  model.integers("two", {2});
  model.integers("four", {4});
  model.node("Shape", {"x"}, "s");
  model.node("Gather", {"s", "which"}, "c_w");   // 3, 5
  model.node("Mul", {"c_w", "two"}, "doubled");  // 6, 10
  put(model.node("Concat", {"doubled", "two"}, "shape"), "axis", std::int64_t{0});
  CHECK(reshape_by_list(model).outputs.front().layout.dims() == Ints{2, 3, 4, 5});
  // 120 / 4 - 6 = 24 rows of 5
  model = ModelBuilder({2, 3, 4, 5});
  model.integers("n", {120});
  model.integers("four", {4});
  model.integers("six", {6});
  model.integers("five", {5});
  model.node("Div", {"n", "four"}, "thirty");
  model.node("Sub", {"thirty", "six"}, "rows");
  put(model.node("Concat", {"rows", "five"}, "shape"), "axis", std::int64_t{0});
  CHECK(reshape_by_list(model).outputs.front().layout.dims() == Ints{2, 3, 4, 5});
}

TEST_CASE("Constants that cannot be worked out are refused with the reason", "[conformance]") {
  struct Case {
    std::string says;
    std::function<void(ModelBuilder&)> put_shape;
  };
  const auto list = [](const std::string& op, const Ints& a, const Ints& b) {
    return [=](ModelBuilder& model) {
      model.integers("a", a);
      model.integers("b", b);
      model.node(op, {"a", "b"}, "shape");
    };
  };
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::vector<Case> cases{
      {"(Div): works out 1 and 0; allowed: numbers of 64 bits", list("Div", {1}, {0})},
      {"(Div): works out", list("Div", {-kMost - 1}, {-1})},
      {"(Mul): works out", list("Mul", {kMost}, {2})},
      {"(Sub): has 2 and 3 numbers; allowed: as many, or one", list("Sub", {1, 2}, {1, 2, 3})},
      {"(Mul): works on an array that depends on the input; allowed: constants",
       [](ModelBuilder& m) {
         m.node("Mul", {"x", "x"}, "shape");
       }},
      {"(Mul): works on constants of 2x1 and 1x2; allowed: one shape, or one number",
       [](ModelBuilder& m) {
         m.weights("a", {{2, 1}, {1, 2}});
         m.weights("b", {{1, 2}, {3, 4}});
         m.node("Mul", {"a", "b"}, "shape");
       }},
      {"(ConstantOfShape): makes an array of 9223372036854775807; allowed: at most 64 elements",
       [=](ModelBuilder& m) {
         m.integers("n", {kMost});
         m.node("ConstantOfShape", {"n"}, "shape");
       }},
      {"(ConstantOfShape): asks for the extent -1",
       [](ModelBuilder& m) {
         m.integers("n", {-1});
         m.node("ConstantOfShape", {"n"}, "shape");
       }},
      {"(Slice): takes a part of an array; allowed: constants",
       [](ModelBuilder& m) {
         m.integers("a", {1});
         m.integers("b", {3});
         m.node("Slice", {"x", "a", "b"}, "shape");
       }},
      {"(Slice): a step is 0",
       [](ModelBuilder& m) {
         m.integers("a", {0});
         m.node("Slice", {"a", "a", "a", "a", "a"}, "shape");
       }},
      {"(Slice): has 1 starts, 2 ends",
       [](ModelBuilder& m) {
         m.integers("a", {0});
         m.integers("b", {0, 1});
         m.node("Slice", {"a", "a", "b"}, "shape");
       }},
      {"(Cast): makes an array of int8; allowed: float",
       [](ModelBuilder& m) { put(m.node("Cast", {"x"}, "shape"), "to", std::int64_t{3}); }},
      {"(Cast): casts 1e+30; allowed: numbers of 32 bits", [](ModelBuilder& m) {
         m.weights("f", {{1}, {1e30F}});
         put(m.node("Cast", {"f"}, "shape"), "to", std::int64_t{7});
       }}};
  for (const Case& one : cases) {
    ModelBuilder model({2, 3, 4, 5});
    one.put_shape(model);
    INFO(one.says);
    CHECK_THROWS_WITH(reshape_by_list(model), Contains(one.says));
  }
}

}  // namespace ridgeline::onnx_tests
