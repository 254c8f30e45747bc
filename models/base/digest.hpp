#pragma once

#include <cstdint>
#include <string_view>

namespace ridgeline {

/// A hash of a sequence of texts and numbers that is the same on every machine: FNV-1a with 64 bits
/// (Fowler, Noll, Vo; draft-eastlake-fnv). Of a million different sequences any two collide with a
/// chance of 3e-8. Not for adversaries.
class Digest {
 public:
  /// Its length counts too, so that "ab", "c" is not "a", "bc".
  constexpr void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    for (const char c : text) put(static_cast<unsigned char>(c));
  }
  constexpr void add(std::uint64_t number) {
    for (int byte = 0; byte < 8; ++byte) put(static_cast<unsigned char>(number >> (8 * byte)));
  }
  [[nodiscard]] constexpr std::uint64_t value() const { return value_; }

 private:
  constexpr void put(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001B3U; }

  std::uint64_t value_ = 0xCBF29CE484222325U;
};

}  // namespace ridgeline
