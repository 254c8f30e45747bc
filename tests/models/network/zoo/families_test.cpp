#include <algorithm>
#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "models/network/zoo/zoo.hpp"

using namespace ridgeline;

namespace {

bool same_layers(const Network& a, const Network& b) {
  return std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(),
                    [](const Node& x, const Node& y) {
                      return x.name == y.name && x.inputs == y.inputs && x.shape == y.shape &&
                             op_name(x.op) == op_name(y.op);
                    });
}

InputProblem problem_of(const std::string& name) {
  try {
    (void)zoo::make(name);
  } catch (const InputError& error) {
    return error.problem();
  }
  FAIL("no error for " << name);
  return {};
}

}  // namespace

TEST_CASE("Fixed networks are members of their families") {
  const std::vector<std::pair<std::string, std::string>> pairs{
      {"squeezenext", "squeezenext_1.0_23"},
      {"squeezenext:groups=2", "squeezenext_1.0_g_23"},
      {"squeezenext:width=2.0", "squeezenext_2.0_23"},
      {"squeezenext:width=1.0,blocks=2-4-14-1,conv1=5,style=B", "squeezenext_1.0_23v5"},
      {"squeezenext:style=B,conv1=5,blocks=2-4-14-1,width=2", "squeezenext_2.0_23v5"},
      {"squeezenext:conv1=5,style=B", "squeezenext_1.0_23v2"},
      {"squeezenext:conv1=5,style=B,blocks=4-8-8-1", "squeezenext_1.0_23v3"},
      {"squeezenext:conv1=5,style=B,blocks=2-10-8-1", "squeezenext_1.0_23v4"},
      {"squeezenet", "squeezenet_v1.0"},
      {"squeezenet:version=1.1", "squeezenet_v1.1"},
      {"squeezenet:conv10_pad=1", "squeezenet_v1.0"},
      {"mobilenet:width=1", "mobilenet_v1"},
  };
  for (const auto& [member, fixed] : pairs) {
    INFO(member << " and " << fixed);
    const Network network = zoo::make(member);
    CHECK(network.name == member);
    CHECK(same_layers(network, zoo::make(fixed)));
  }
}

TEST_CASE("A family's parameters reach the network") {
  CHECK(total_weights(zoo::make("mobilenet:width=0.5")) == 1'319'648);
  CHECK(total_weights(zoo::make("mobilenet:width=0.25")) == 463'600);
  CHECK(zoo::make("mobilenet:input=160").input() == TensorShape{.C = 3, .H = 160, .W = 160});
  const Network wide = zoo::make("squeezenet:ratio=0.75");
  const auto squeeze = std::find_if(wide.nodes.begin(), wide.nodes.end(), [](const Node& node) {
    return node.name == "fire9/squeeze1x1";
  });
  REQUIRE(squeeze != wide.nodes.end());
  CHECK(squeeze->shape.C == 384);
}

TEST_CASE("Every default of a family is a value that it takes") {
  REQUIRE(zoo::families().size() == 3);
  for (const zoo::Entry& family : zoo::families()) {
    INFO(family.name);
    const std::string bare = family.name.substr(0, family.name.find(':'));
    CHECK(same_layers(zoo::make(family.name), zoo::make(bare)));
    CHECK(family.summary.find('\n') == std::string::npos);
  }
}

TEST_CASE("The zoo lists its networks sorted, each with a summary") {
  const std::vector<zoo::Entry> entries = zoo::list();
  CHECK(std::is_sorted(entries.begin(), entries.end(),
                       [](const auto& a, const auto& b) { return a.name < b.name; }));
  for (const zoo::Entry& entry : entries) CHECK(!entry.summary.empty());
}

TEST_CASE("A wrong network name says what is wrong, what is allowed and what is near") {
  struct Case {
    const char *name, *what, *allowed, *nearest;
  };
  for (const Case& wrong : std::vector<Case>{
           {"squeezenet_v1.11", "unknown network 'squeezenet_v1.11'", "vgg16", "squeezenet_v1.1"},
           {"", "unknown network ''", "alexnet", ""},
           {"squeeznext:width=1", "unknown network", "squeezenext with", "squeezenext"},
           {"alexnet:width=2", "unknown network", "squeezenext", "alexnet"},
           {"squeezenext:", "no parameters after ':'", "blocks=6-6-8-1", ""},
           {"squeezenext:widht=1", "unknown parameter 'widht'", "width, blocks, conv1", "width"},
           {"squeezenext:width", "'width' has no value", "width=VALUE", ""},
           {"squeezenext:width=1,width=1", "'width' is given twice", "", ""},
           {"squeezenext:width=1,", "unknown parameter ''", "width", ""},
           {"squeezenext:width=", "width is ''", "multiples of 0.125", ""},
           {"squeezenext:width=0.3", "width is '0.3'", "multiples of 0.125", ""},
           {"squeezenext:width=0", "width is '0'", "0.125 to 16", ""},
           {"squeezenext:width=-1", "width is '-1'", "0.125 to 16", ""},
           {"squeezenext:width=nan", "width is 'nan'", "0.125 to 16", ""},
           {"squeezenext:width=1e300", "width is '1e300'", "0.125 to 16", ""},
           {"squeezenext:width=1x", "width is '1x'", "0.125 to 16", ""},
           {"squeezenext:blocks=6-6-8", "blocks is '6-6-8'", "4 whole numbers", ""},
           {"squeezenext:blocks=6-6-8-1-1", "blocks is", "4 whole numbers", ""},
           {"squeezenext:blocks=6-6-8-0", "blocks is", "1 to 100 each", ""},
           {"squeezenext:blocks=6-6-8-101", "blocks is", "1 to 100 each", ""},
           {"squeezenext:blocks=6--8-1", "blocks is", "4 whole numbers", ""},
           {"squeezenext:conv1=0", "conv1 is '0'", "1 to 15", ""},
           {"squeezenext:conv1=16", "conv1 is '16'", "1 to 15", ""},
           {"squeezenext:conv1=5.5", "conv1 is '5.5'", "a whole number", ""},
           {"squeezenext:groups=3", "number of groups G is 3", "divides both", ""},
           {"squeezenext:style=C", "style is 'C'", "A, B", ""},
           {"squeezenext:input=99999999999", "input is", "1 to 8192", ""},
           {"squeezenext:input=6", "kernel spans 7 elements in height", "at most 6", ""},
           {"squeezenet:version=1.2", "version is '1.2'", "1.0, 1.1", ""},
           {"squeezenet:conv10_pad=2", "conv10_pad is '2'", "auto, 0, 1", ""},
           {"squeezenet:ratio=0.1", "ratio is '0.1'", "gives fire2 12.8", ""},
           {"squeezenet:ratio=1.5", "ratio is '1.5'", "at most 1", ""},
           {"squeezenet:ratio=0", "ratio is '0'", "above 0", ""},
           {"mobilenet:width=0.33", "width is '0.33'", "multiples of 0.03125", ""},
       }) {
    INFO("'" << wrong.name << "'");
    const InputProblem problem = problem_of(wrong.name);
    CHECK_THAT(problem.what, Catch::Contains(wrong.what));
    CHECK_THAT(problem.allowed, Catch::Contains(wrong.allowed));
    CHECK(problem.nearest == wrong.nearest);
  }
}
