#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/network/network.hpp"

/// What a file of the zoo offers to the registry: fixed networks and parameterised families. A new
/// family is one file that returns a Catalogue, and one line in registry.cpp.
namespace ridgeline::zoo {

struct Parameter {
  std::string key;
  std::string default_value;
  std::string meaning;
};

/// "key=value,key=value" against a family's parameters, resolved with their defaults. The typed
/// getters throw InputError, naming the network as the user wrote it, the key and the value.
class Settings {
 public:
  /// @throws InputError for a key that is not in `parameters`, comes twice or has no value.
  Settings(std::string network, std::string_view text, const std::vector<Parameter>& parameters);

  /// The network as the user wrote it.
  [[nodiscard]] const std::string& network() const { return network_; }
  [[nodiscard]] int integer(std::string_view key, int least, int most) const;
  /// `count` integers, "6-6-8-1".
  [[nodiscard]] std::vector<int> integers(std::string_view key, std::size_t count, int least,
                                          int most) const;
  /// A number that is a multiple of 1 / `parts`, as that many parts: 1.5 with parts = 8 is 12.
  [[nodiscard]] int parts(std::string_view key, int parts, int least, int most) const;
  /// A number above 0 and at most 1.
  [[nodiscard]] double fraction(std::string_view key) const;
  /// One of `choices`.
  [[nodiscard]] std::string choice(std::string_view key,
                                   const std::vector<std::string>& choices) const;
  /// An error about the value of `key`.
  [[noreturn]] void fail(std::string_view key, std::string allowed) const;

 private:
  [[nodiscard]] const std::string& text_of(std::string_view key) const;

  std::string network_;
  std::vector<std::pair<std::string, std::string>> values_;
};

/// BGR pixels minus 104, 117, 123, as the transform_param of the authors' train_val.prototxt says
/// for SqueezeNet and SqueezeNext. Caffe's ImageNet pictures are warped to a square, whatever their
/// aspect ratio.
inline constexpr Preprocessing kCaffePicture{
    .channels = ChannelOrder::bgr, .mean = {104, 117, 123}, .fit = PictureFit::stretch};

struct FixedNetwork {
  std::string name;
  std::string summary;
  std::function<Network(const std::string& name)> build;
};

struct Family {
  std::string name;
  std::string summary;
  std::vector<Parameter> parameters;
  std::function<Network(const Settings&)> build;
};

struct Catalogue {
  std::vector<FixedNetwork> networks{};
  std::vector<Family> families{};
};

[[nodiscard]] Catalogue alexnet();
[[nodiscard]] Catalogue course();
[[nodiscard]] Catalogue mobilenet();
[[nodiscard]] Catalogue squeezenet();
[[nodiscard]] Catalogue squeezenext();
[[nodiscard]] Catalogue tiny_darknet();
[[nodiscard]] Catalogue vgg();

}  // namespace ridgeline::zoo
