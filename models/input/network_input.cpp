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

/// Element i of the array is element own.offsets()[i] of the tensor.
Tensor<float> in_place(const std::vector<float>& values, const Layout& own, TensorShape shape) {
  Tensor<float> tensor(shape);
  const std::vector<std::int64_t> offsets = own.offsets();
  for (std::size_t i = 0; i < values.size(); ++i) {
    tensor.data[static_cast<std::size_t>(offsets[i])] = values[i];
  }
  return tensor;
}

/// The array in the order of the network's input, of one picture or of as many as `wanted` has;
/// none if it has the extents of neither.
std::optional<Tensor<float>> ordered(const NpyArray& array, const TensorShape& wanted,
                                     const std::optional<Layout>& own) {
  const std::array<std::int64_t, 4> extents{wanted.N, wanted.C, wanted.H, wanted.W};
  const Layout plain{extents};
  std::vector<std::int64_t> batched = array.shape;
  if (batched.size() == 3) batched.insert(batched.begin(), 1);
  struct Reading {
    const Layout& layout;
    const std::vector<std::int64_t>& shape;
  };
  std::vector<Reading> readings;
  if (own) readings.push_back({*own, array.shape});
  readings.push_back({plain, batched});
  for (const auto& [layout, shape] : readings) {
    for (const int N : {wanted.N, 1}) {
      const auto images = N == wanted.N ? layout : layout.with_images(N);
      if (!images || images->dims() != shape) continue;
      TensorShape read = wanted;
      read.N = N;
      return in_place(array.values, *images, read);
    }
  }
  return std::nullopt;
}

NetworkInput from_array(const SourceText& source, const TensorShape& wanted,
                        const std::optional<Layout>& own) {
  const NpyArray array = parse_npy(source);
  std::optional<Tensor<float>> tensor = ordered(array, wanted, own);
  if (!tensor) {
    const std::string plain =
        fmt::format("({}, {}, {}, {})", wanted.N, wanted.C, wanted.H, wanted.W);
    std::string files;
    if (own) files = fmt::format("({})", fmt::join(own->dims(), ", "));
    fail(source, fmt::format("the array has the shape ({})", fmt::join(array.shape, ", ")),
         fmt::format("{}{}, the network's input{}", plain,
                     files.empty() || files == plain ? "" : " or " + files,
                     wanted.N == 1 ? "; for several pictures, --batch" : ", or one picture"));
  }
  if (tensor->shape.N != wanted.N) tensor = repeated(*tensor, wanted.N);
  return {*std::move(tensor), fmt::format("NumPy array {}, as it is", extents_text(wanted))};
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
                                const std::optional<Preprocessing>& preprocessing,
                                const std::optional<Layout>& own) {
  if (source.text.starts_with("\x93NUMPY")) return from_array(source, network.input(), own);
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
