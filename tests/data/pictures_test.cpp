#include <algorithm>
#include <cmath>

#include "models/input/network_input.hpp"
#include "models/input/npy.hpp"
#include "models/input/preprocess.hpp"
#include "models/network/zoo/zoo.hpp"
#include "tests/support/data_folder.hpp"

/// Real pictures: what becomes of them must be what the golden files, made with other tools, hold.
namespace ridgeline {
namespace {

using testing::data_file;
using testing::data_folder;

TEST_CASE("Preprocessed pictures equal the golden inputs of SqueezeNet v1.0, exactly") {
  const auto folder = data_folder();
  if (!folder) return;
  const Network network = zoo::make("squeezenet_v1.0");
  for (const std::string name : {"chelsea", "coffee"}) {
    INFO(name);
    const NpyArray golden = parse_npy(data_file(*folder / "golden" / (name + "_input.npy")));
    CHECK(golden.shape == std::vector<std::int64_t>{1, 3, 227, 227});
    const NetworkInput input = read_network_input(
        data_file(*folder / "images" / (name + "_227.ppm")), network, network.preprocessing);
    CHECK((input.tensor.data == golden.values));  // too long to print
  }
}

TEST_CASE(
    "A photograph as PNG, scaled, is within a grey level of the picture that another tool scaled") {
  const auto folder = data_folder();
  if (!folder) return;
  const Preprocessing plain{.fit = PictureFit::stretch};
  for (const auto& [name, width, height] :
       {std::tuple{"chelsea", 451, 300}, std::tuple{"coffee", 600, 400}}) {
    INFO(name);
    const std::filesystem::path images = *folder / "images";
    const Pixels png = decode_png(data_file(images / (name + std::string(".png"))));
    CHECK(png.width == width);
    CHECK(png.height == height);
    const SourceText ppm = data_file(images / (name + std::string("_227.ppm")));
    const Tensor<float> scaled = preprocess(ppm, png, plain, 227, 227);
    const Tensor<float> given = preprocess(ppm, decode_ppm(ppm), plain, 227, 227);
    double largest = 0;
    for (std::size_t i = 0; i < given.data.size(); ++i)
      largest = std::max<double>(largest, std::abs(scaled.data[i] - given.data[i]));
    CHECK(largest <= 1);
  }
}

}  // namespace
}  // namespace ridgeline
