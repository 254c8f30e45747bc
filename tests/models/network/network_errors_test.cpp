#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "models/base/error.hpp"
#include "models/network/network.hpp"

using namespace ridgeline;

namespace {

constexpr int kHuge = std::numeric_limits<int>::max();
constexpr int kLowest = std::numeric_limits<int>::min();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

InputProblem problem_of(const std::function<void()>& build) {
  try {
    build();
  } catch (const InputError& error) {
    return error.problem();
  }
  return {.what = "no error"};
}

struct WrongOp {
  const char* what;  ///< part of the message
  Op op;
  TensorShape input{.C = 4, .H = 5, .W = 6};
};

/// A window of 2x2 with one thing changed.
Window window_with(const std::function<void(Window&)>& change) {
  Window window{.R = 2, .S = 2};
  change(window);
  return window;
}

ConvOp conv_with(const std::function<void(Window&)>& change) {
  return {.window = window_with(change)};
}
PoolOp pool_with(const std::function<void(Window&)>& change) {
  return {.window = window_with(change)};
}

void check_refused(const WrongOp& wrong) {
  const InputProblem problem = problem_of([&] {
    NetworkBuilder net("net", "a test", wrong.input);
    net.add("the node", wrong.op, {net.input()});
  });
  INFO(op_name(wrong.op) << ": " << wrong.what);
  CHECK_THAT(problem.what, Catch::Contains(wrong.what));
  CHECK(problem.place == "net: node 'the node'");
  CHECK(!problem.allowed.empty());
}

}  // namespace

TEST_CASE("A window that no ifmap can have is refused") {
  for (const WrongOp& wrong : std::vector<WrongOp>{
           {"kernel height is 0", conv_with([](Window& w) { w.R = 0; })},
           {"kernel width is -1", conv_with([](Window& w) { w.S = -1; })},
           {"kernel height is 2147483647", conv_with([](Window& w) { w.R = kHuge; })},
           {"stride is 0", conv_with([](Window& w) { w.stride[0] = 0; })},
           {"stride is -2147483648", conv_with([](Window& w) { w.stride[1] = kLowest; })},
           {"dilation is 0", conv_with([](Window& w) { w.dilation[1] = 0; })},
           {"dilation is 2147483647", conv_with([](Window& w) { w.dilation[0] = kHuge; })},
           {"pad is -1", conv_with([](Window& w) { w.pad[3] = -1; })},
           {"pad is 2147483647", conv_with([](Window& w) { w.pad[0] = kHuge; })},
           {"spans 6 elements in height but the padded ifmap has 5",
            conv_with([](Window& w) { w.R = 6; })},
           {"spans 7 elements in width but the padded ifmap has 6",
            conv_with([](Window& w) { w.dilation[1] = 6; })},
           {"spans 1048577 elements", conv_with([](Window& w) {
              w.dilation = {1 << 20, 1};
            })},
           {"padded height is 2148532223",
            conv_with([](Window& w) { w.pad[0] = 1 << 20; }),
            {.H = kHuge}},
           {"spans 8 elements in height", pool_with([](Window& w) { w.R = 8; })},
           {"stride is 0", pool_with([](Window& w) { w.stride[0] = 0; })},
           {"pad of 2 and 0 in height", pool_with([](Window& w) { w.pad[0] = 2; })},
           {"pad of 0 and 2 in width", pool_with([](Window& w) { w.pad[3] = 2; })},
           {"no element of the ifmap in height",
            pool_with([](Window& w) {
              w = {.R = 2, .pad = {2, 0, 2, 0}, .dilation = {3, 1}};
            }),
            {.H = 1}},
           {"no element of the ifmap in width",
            pool_with([](Window& w) {
              w = {.S = 2, .stride = {1, 2}, .pad = {0, 4, 0, 0}, .dilation = {1, 4}};
            }),
            {.W = 1}},
       })
    check_refused(wrong);
}

TEST_CASE("An operation that does not fit its input is refused") {
  for (const WrongOp& wrong : std::vector<WrongOp>{
           {"number of filters M is 0", ConvOp{.M = 0}},
           {"number of filters M is -4", ConvOp{.M = -4}},
           {"groups G is 0", ConvOp{.M = 4, .G = 0}},
           {"groups G is -1", ConvOp{.M = 4, .G = -1}},
           {"groups G is 3", ConvOp{.M = 3, .G = 3}},
           {"groups G is 4", ConvOp{.M = 6, .G = 4}},
           {"feature map 1x2147483647x5x1 has too many", ConvOp{.M = kHuge}, {.H = 5}},
           {"filters have more elements",
            ConvOp{.M = 1 << 28, .window = {.R = 5, .S = 2}},
            {.C = 1, .H = 5, .W = 2}},
           {"number of filters M is 0", FullyConnectedOp{.M = 0}},
           {"filters have more elements", FullyConnectedOp{.M = 1 << 25}},
           {"epsilon is 0", BatchNormOp{.epsilon = 0}},
           {"epsilon is nan", BatchNormOp{.epsilon = kNan}},
           {"epsilon is inf", BatchNormOp{.epsilon = kInfinity}},
           {"size is 0", LrnOp{.size = 0}},
           {"clamps to 1..0", ClampOp{1, 0}},
           {"clamps to nan..inf", ClampOp{.lowest = kNan}},
           {"size is 2147483647", LrnOp{.size = kHuge}},
           {"alpha, beta, k are -1, 0.75, 1", LrnOp{.alpha = -1}},
           {"alpha, beta, k are 0.0001, nan, 1", LrnOp{.beta = kNan}},
           {"alpha, beta, k are 0.0001, 0.75, 0", LrnOp{.k = 0}},
           {"a network has one input", InputOp{}},
           {"add has 1 inputs", AddOp{}},
       })
    check_refused(wrong);
}

TEST_CASE("Inputs that do not fit together are refused") {
  NetworkBuilder net("net", "a test", {.C = 4, .H = 5, .W = 6});
  const NodeId conv = net.conv("conv", net.input(), {.M = 4, .window = {.R = 2}});
  const NodeId wide = net.conv("wide", net.input(), {.M = 5});
  struct Case {
    const char* what;
    Op op;
    std::vector<NodeId> inputs;
  };
  for (const Case& wrong : std::vector<Case>{
           {"adds 1x4x5x6 to 1x4x4x6", AddOp{}, {0, conv}},
           {"adds 1x4x5x6 to 1x5x5x6", AddOp{}, {0, wide}},
           {"add has 3 inputs", AddOp{}, {0, 0, 0}},
           {"concatenates 1x4x5x6 and 1x4x4x6", ConcatOp{}, {0, conv}},
           {"concat has 0 inputs", ConcatOp{}, {}},
           {"relu has 2 inputs", ClampOp{}, {0, 0}},
           {"conv has 0 inputs", ConvOp{}, {}},
           {"reads node -1", ClampOp{}, {-1}},
           {"reads node 3", ClampOp{}, {3}},
           {"reads node 2147483647", ConcatOp{}, {0, kHuge}},
       }) {
    INFO(wrong.what);
    const InputProblem problem = problem_of([&] { net.add("node", wrong.op, wrong.inputs); });
    CHECK_THAT(problem.what, Catch::Contains(wrong.what));
    CHECK(problem.place == "net: node 'node'");
  }
  CHECK(net.relu("node", wide) == 3);  // nothing of the refused ones is left behind
}

TEST_CASE("A concatenation of more channels than can be counted is refused") {
  NetworkBuilder net("net", "a test", {.C = 1 << 30});
  const InputProblem problem = problem_of([&] { net.concat("concat", {0, 0, 0, 0, 0}); });
  CHECK(problem.what == "5368709120 channels");
}

TEST_CASE("A name that is empty, taken or not one line of text is refused") {
  NetworkBuilder net("net", "a test", {}, "data");
  net.relu("relu", net.input());
  const auto problem = [&](const std::string& name) {
    return problem_of([&] { net.relu(name, net.input()); });
  };
  CHECK(problem("").what == "has no name");
  CHECK(problem("").place == "net: node 2");
  CHECK(problem("relu").what == "the name is taken by an earlier node");
  CHECK(problem("relu").place == "net: node 'relu'");
  CHECK(problem("data").what == "the name is taken by an earlier node");
  CHECK(problem("two\nlines").what == "has a control character in its name");
  CHECK(problem("caf\xc3\xa9").what == "no error");
}

TEST_CASE("A network without a name or with an impossible input is refused") {
  const auto what = [](const std::string& name, TensorShape x, const std::string& input) {
    return problem_of([&] { NetworkBuilder(name, "a test", x, input); }).what;
  };
  CHECK(what("", {}, "data") == "has no name");
  CHECK(what("net", {}, "") == "has no name");
  CHECK(what("net\t", {}, "data") == "has a control character in its name");
  CHECK(what("net", {.C = 0}, "data") == "feature map is 1x0x1x1");
  CHECK(what("net", {.N = -1, .W = -1}, "data") == "feature map is -1x1x1x-1");
  CHECK(what("net", {.N = kHuge, .C = kHuge, .H = kHuge, .W = kHuge}, "data") ==
        "feature map 2147483647x2147483647x2147483647x2147483647 has too many elements");
  CHECK(what("net", {.N = 1 << 16, .C = 1 << 16, .H = 1 << 16, .W = 1 << 16}, "data") ==
        "feature map 65536x65536x65536x65536 has too many elements");
  CHECK(what("net", {.N = 2, .C = 1 << 30}, "data") ==
        "feature map 2x1073741824x1x1 has too many elements");
  CHECK(what("net", {.N = 1, .C = kHuge}, "data") == "no error");
}

TEST_CASE("A node that is not there has no shape") {
  const NetworkBuilder net("net", "a test", {});
  CHECK(problem_of([&] { (void)net.shape(1); }).what == "there is no node 1");
  CHECK(problem_of([&] { (void)net.shape(-1); }).what == "there is no node -1");
}

TEST_CASE("A network whose MACs cannot be counted is refused") {
  // 2^45 MACs each: the 2^17th brings the sum to 2^62, which is still allowed.
  NetworkBuilder net("net", "a test", {.C = 1 << 15, .H = 1 << 15});
  const ConvOp op{.M = 1 << 15, .bias = false};
  const auto name = [](int i) { return "conv" + std::to_string(i); };
  for (int i = 1; i <= 1 << 17; ++i) net.conv(name(i), net.input(), op);
  const InputProblem problem = problem_of([&] { net.conv("last", net.input(), op); });
  CHECK_THAT(problem.what, Catch::Contains("more MACs than can be counted"));
  CHECK(problem.place == "net: node 'last'");
  CHECK(net.relu("last", net.input()) == (1 << 17) + 1);
  CHECK(total_macs(std::move(net).build()) == Macs(std::int64_t{1} << 62));
}
