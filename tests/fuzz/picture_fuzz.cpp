#include "models/input/network_input.hpp"
#include "tests/fuzz/target.hpp"

/// Pictures of every format, scaled to a small input. Checksums of PNG chunks are made right: no
/// mutation would pass them.
namespace ridgeline::fuzzing {
namespace {

std::uint32_t crc_of(const std::string& bytes, std::size_t begin, std::size_t end) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (std::size_t at = begin; at < end; ++at) {
    crc ^= static_cast<unsigned char>(bytes[at]);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

std::string with_right_checksums(std::string bytes) {
  for (std::size_t at = 8; bytes.size() - at >= 12;) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i)
      length = length << 8 | static_cast<unsigned char>(bytes[at + i]);
    if (length > bytes.size() - at - 12) break;
    const std::size_t end = at + 8 + length;
    const std::uint32_t crc = crc_of(bytes, at + 4, end);
    for (std::size_t i = 0; i < 4; ++i)
      bytes[end + i] = static_cast<char>(crc >> (24 - 8 * i) & 0xFF);
    at = end + 4;
  }
  return bytes;
}

Network small_network() {
  NetworkBuilder net("net", "", {.C = 3, .H = 5, .W = 7});
  net.set_preprocessing({.channels = ChannelOrder::bgr, .mean = {104, 117, 123}});
  net.relu("relu", net.input());
  return std::move(net).build();
}

}  // namespace

void fuzz(const SourceText& source) {
  static const Network network = small_network();
  SourceText picture = source;
  if (picture.text.starts_with("\x89PNG") && picture.text.size() >= 8)
    picture.text = with_right_checksums(std::move(picture.text));
  const NetworkInput input = read_network_input(picture, network, network.preprocessing);
  require(input.tensor.shape == network.input());
  if (picture.text.starts_with("\x93NUMPY")) return;
  for (const float x : input.tensor.data) require(x >= -123 && x <= 151.001F);
}

}  // namespace ridgeline::fuzzing
