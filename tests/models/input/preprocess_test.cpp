#include "models/input/preprocess.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "models/base/error.hpp"
#include "models/input/network_input.hpp"

namespace ridgeline {
namespace {

using Catch::Matchers::Contains;

const SourceText kNamed{"cat.ppm", ""};

Pixels colours(int width, int height) {
  Pixels pixels{.width = width, .height = height};
  pixels.values.resize(static_cast<std::size_t>(width * height * 3));
  for (std::size_t i = 0; i < pixels.values.size(); ++i)
    pixels.values[i] = static_cast<std::uint16_t>(i * 37 % 256);
  return pixels;
}

TEST_CASE("A picture of the network's size is taken pixel by pixel, channels in the order stated") {
  const Pixels pixels = colours(5, 4);
  const Preprocessing bgr{.channels = ChannelOrder::bgr,
                          .mean = {104, 117, 123},
                          .scale = {1, 0.5, 2},
                          .fit = PictureFit::exact};
  const Tensor<float> input = preprocess(kNamed, pixels, bgr, 4, 5);
  REQUIRE(input.shape == TensorShape{1, 3, 4, 5});
  for (int h = 0; h < 4; ++h) {
    for (int w = 0; w < 5; ++w) {
      const auto at = static_cast<std::size_t>((h * 5 + w) * 3);
      CHECK(input.at(0, 0, h, w) == static_cast<float>(pixels.values[at + 2]) - 104);
      CHECK(input.at(0, 1, h, w) == (static_cast<float>(pixels.values[at + 1]) - 117) / 2);
      CHECK(input.at(0, 2, h, w) == (static_cast<float>(pixels.values[at]) - 123) * 2);
    }
  }
}

TEST_CASE(
    "Values of full intensity are 255 whatever the depth; grey and colour turn into each other") {
  const Pixels grey{
      .width = 2, .height = 1, .channels = 1, .largest = 65535, .values = {65535, 257}};
  CHECK(preprocess(kNamed, grey, {}, 1, 2).data == std::vector<float>{255, 1, 255, 1, 255, 1});
  const Pixels colour{.width = 1, .height = 1, .values = {100, 200, 50}};
  const Tensor<float> luma = preprocess(kNamed, colour, {.channels = ChannelOrder::grey}, 1, 1);
  REQUIRE(luma.shape == TensorShape{1, 1, 1, 1});
  CHECK(luma.data[0] == Approx(0.299 * 100 + 0.587 * 200 + 0.114 * 50));
}

TEST_CASE("A picture of another size is refused, cropped in its centre or stretched") {
  // Columns 0, 10, 20, ... 70; halves of 2 x 2 and a centre of 4 x 4.
  Pixels ramp{.width = 8, .height = 4, .channels = 1};
  for (int i = 0; i < 32; ++i) ramp.values.push_back(static_cast<std::uint16_t>(i % 8 * 10));
  const auto fitted = [&](PictureFit fit, int height, int width) {
    return preprocess(kNamed, ramp, {.channels = ChannelOrder::grey, .fit = fit}, height, width);
  };
  const Tensor<float> crop = fitted(PictureFit::crop, 4, 4);
  CHECK(crop.data[0] == Approx(20));
  CHECK(crop.data[3] == Approx(50));
  // Twice as large: every other element lies a quarter of a pixel off a pixel's centre.
  const Tensor<float> larger = fitted(PictureFit::stretch, 8, 16);
  CHECK(larger.data[0] == Approx(0));
  CHECK(larger.data[1] == Approx(2.5));
  CHECK(larger.data[2] == Approx(7.5));
  CHECK(larger.data[15] == Approx(70));
  // Half as large: triangles over four pixels, 1 : 3 : 3 : 1.
  const Tensor<float> smaller = fitted(PictureFit::stretch, 2, 4);
  CHECK(smaller.data[1] == Approx((10 + 3 * 20 + 3 * 30 + 40) / 8.0));
  try {
    (void)fitted(PictureFit::exact, 5, 4);
    FAIL("not refused");
  } catch (const InputError& error) {
    CHECK_THAT(error.what(),
               Contains("cat.ppm: the picture is 8 wide and 4 high; allowed: 4 by 5"));
  }
}

TEST_CASE("Scaling keeps a picture of one colour, whatever the sizes") {
  for (const int size : {1, 2, 3, 7, 30}) {
    Pixels flat{.width = 11, .height = 3, .channels = 1};
    flat.values.assign(33, 77);
    for (const PictureFit fit : {PictureFit::crop, PictureFit::stretch}) {
      for (const float x : preprocess(kNamed, flat, {.fit = fit}, size, 5).data)
        CHECK(x == Approx(77));
    }
  }
}

Network network_of(const TensorShape& input, std::optional<Preprocessing> preprocessing = {}) {
  NetworkBuilder net("net", "a test", input);
  if (preprocessing) net.set_preprocessing(*preprocessing);
  net.relu("relu", net.input());
  return std::move(net).build();
}

std::string npy(const std::string& shape, const std::string& data) {
  const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + "}";
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header +
         data;
}

std::string message(const std::string& bytes, const Network& network) {
  try {
    (void)read_network_input({"cat", bytes}, network, network.preprocessing);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_CASE("The input of a network is a picture or an array, repeated for a batch") {
  const Network one = network_of({1, 3, 1, 2}, Preprocessing{});
  const Network two = with_batch(one, 2);
  CHECK(two.preprocessing == one.preprocessing);
  const SourceText picture{"cat", "P6 2 1 255\nabcdef"};
  CHECK(read_network_input(picture, one, Preprocessing{}).tensor.data ==
        std::vector<float>{'a', 'd', 'b', 'e', 'c', 'f'});
  const NetworkInput repeated = read_network_input(picture, two, Preprocessing{});
  CHECK(repeated.tensor.shape == TensorShape{2, 3, 1, 2});
  CHECK(repeated.tensor.data == std::vector<float>{'a', 'd', 'b', 'e', 'c', 'f',  //
                                                   'a', 'd', 'b', 'e', 'c', 'f'});
  CHECK(repeated.note == "PPM 2x1, rgb, 0..255; other sizes: crop");
  const auto array = [&](const char* shape, const char* data, const Network& network) {
    return read_network_input({"cat", npy(shape, data)}, network, {}).tensor.data;
  };
  CHECK(array("(3, 1, 2)", "abcdef", one) == std::vector<float>{'a', 'b', 'c', 'd', 'e', 'f'});
  CHECK(array("(1, 3, 1, 2)", "abcdef", two).size() == 12);
  CHECK(array("(2, 3, 1, 2)", "abcdefghijkl", two)[11] == 'l');
}

TEST_CASE("An array may have the extents that the network's file states") {
  const Network two = with_batch(network_of({1, 3, 1, 2}), 2);
  // The file has its channels last: 2x1x2x3.
  const Layout own = Layout(std::array<std::int64_t, 4>{2, 3, 1, 2})
                         .transposed(std::array<std::size_t, 4>{0, 2, 3, 1});
  const auto read = [&](const char* shape, const char* data) {
    return read_network_input({"cat", npy(shape, data)}, two, {}, own).tensor.data;
  };
  const std::vector<float> image{'a', 'b', 'c', 'd', 'e', 'f'};
  std::vector<float> both = image;
  for (float x : image) both.push_back(x + 6);
  CHECK(read("(2, 1, 2, 3)", "acebdfgikhjl") == both);
  CHECK(read("(2, 3, 1, 2)", "abcdefghijkl") == both);
  both.resize(6);
  both.insert(both.end(), image.begin(), image.end());
  CHECK(read("(1, 1, 2, 3)", "acebdf") == both);
  CHECK_THROWS_WITH(read("(2, 2, 3)", "acebdfgikhjl"),
                    Contains("the array has the shape (2, 2, 3); allowed: (2, 3, 1, 2) or "
                             "(2, 1, 2, 3), the network's input, or one picture"));
}

TEST_CASE("An input that does not fit the network is refused with both shapes") {
  const Network network = network_of({1, 3, 1, 2}, Preprocessing{});
  CHECK_THAT(message(npy("(3, 2, 1)", "abcdef"), network),
             Contains("cat: the array has the shape (3, 2, 1); allowed: (1, 3, 1, 2)"));
  CHECK_THAT(message(npy("(2, 3, 1, 2)", "abcdefabcdef"), network), Contains("(2, 3, 1, 2)"));
  CHECK_THAT(message(npy("(6,)", "abcdef"), network), Contains("shape (6)"));
  CHECK_THAT(message("", network), Contains("is empty; allowed: PPM"));
  CHECK_THAT(message("\xFF\xD8\xFF\xE0", network), Contains("begins with '\\xff\\xd8"));
  CHECK_THAT(message("P6 2 1 255\nabcdef", network_of({1, 3, 1, 2})),
             Contains("net does not say how a picture becomes its input"));
  const Network four = network_of({1, 4, 1, 2});
  CHECK_THROWS_AS(read_network_input({"cat", "P6 2 1 255\nabcdef"}, four, Preprocessing{}),
                  InputError);
  NetworkBuilder net("net", "a test", {1, 4, 1, 2});
  CHECK_THROWS_AS(net.set_preprocessing({}), InputError);
}

}  // namespace
}  // namespace ridgeline
