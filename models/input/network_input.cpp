#include "models/input/network_input.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "models/base/error.hpp"
#include "models/base/text.hpp"
#include "models/input/npy.hpp"
#include "models/input/preprocess.hpp"

namespace ridgeline {
namespace {

struct PictureFormat {
  const char* name;
  std::string_view begins;
  Pixels (*decode)(const SourceText&);
};
constexpr std::array<PictureFormat, 3> kPictures{
    {{"PPM", "P6", &decode_ppm}, {"PGM", "P5", &decode_ppm}, {"PNG", "\x89PNG", &decode_png}}};

[[noreturn]] void fail(const SourceText& source, std::string what, std::string allowed) {
  throw InputError({.file = source.path, .what = std::move(what), .allowed = std::move(allowed)});
}

/// One picture for each of N; they are equal.
Tensor<float> repeated(const Tensor<float>& one, int N) {
  TensorShape shape = one.shape;
  shape.N = N;
  Tensor<float> all(shape);
  for (std::size_t n = 0; n < static_cast<std::size_t>(N); ++n) {
    std::ranges::copy(one.data,
                      all.data.begin() + static_cast<std::ptrdiff_t>(n * one.data.size()));
  }
  return all;
}

NetworkInput from_array(const SourceText& source, const TensorShape& wanted) {
  NpyArray array = parse_npy(source);
  std::vector<std::int64_t> shape = array.shape;
  if (shape.size() == 3) shape.insert(shape.begin(), 1);
  const bool one = shape.size() == 4 && shape[0] == 1;
  if (shape.size() != 4 || (!one && shape[0] != wanted.N) || shape[1] != wanted.C ||
      shape[2] != wanted.H || shape[3] != wanted.W)
    fail(source, fmt::format("the array has the shape ({})", fmt::join(array.shape, ", ")),
         fmt::format("({}, {}, {}, {}), the network's input{}", wanted.N, wanted.C, wanted.H,
                     wanted.W,
                     wanted.N == 1 ? "; for several pictures, --batch" : ", or one picture"));
  Tensor<float> tensor;
  tensor.shape = wanted;
  tensor.shape.N = static_cast<int>(shape[0]);
  tensor.data = std::move(array.values);
  if (one && wanted.N > 1) tensor = repeated(tensor, wanted.N);
  return {std::move(tensor), fmt::format("NumPy array {}, as it is", extents_text(wanted))};
}

NetworkInput from_picture(const SourceText& source, const PictureFormat& format,
                          const Network& network,
                          const std::optional<Preprocessing>& preprocessing) {
  if (!preprocessing)
    fail(source, network.name + " does not say how a picture becomes its input",
         "a NumPy array that is its input, --preprocessing, or \"preprocessing\" in its JSON");
  const TensorShape& wanted = network.input();
  if (preprocessing->channel_count() != wanted.C)
    fail(
        source, fmt::format("the preprocessing makes {} channels", preprocessing->channel_count()),
        fmt::format("{}, as the input {} of {} has", wanted.C, extents_text(wanted), network.name));
  const Pixels pixels = format.decode(source);
  Tensor<float> one = preprocess(source, pixels, *preprocessing, wanted.H, wanted.W);
  std::string note = fmt::format("{} {}x{}, {}", format.name, pixels.width, pixels.height,
                                 preprocessing_text(*preprocessing));
  return {wanted.N == 1 ? std::move(one) : repeated(one, wanted.N), std::move(note)};
}

}  // namespace

NetworkInput read_network_input(const SourceText& source, const Network& network,
                                const std::optional<Preprocessing>& preprocessing) {
  if (source.text.starts_with("\x93NUMPY")) return from_array(source, network.input());
  for (const PictureFormat& format : kPictures) {
    if (source.text.starts_with(format.begins))
      return from_picture(source, format, network, preprocessing);
  }
  fail(source,
       source.text.empty() ? "is empty"
                           : fmt::format("is no picture that can be read; it begins with '{}'",
                                         shortened(source.text.substr(0, 8))),
       "PPM (P6), PGM (P5), PNG, NumPy (.npy)");
}

}  // namespace ridgeline
