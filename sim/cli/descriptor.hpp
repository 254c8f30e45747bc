#pragma once

#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

namespace ridgeline::cli {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }
  /// 0, or what went wrong with writes that the system had put off.
  int close() {
    if (fd_ < 0) return 0;
    const int result = ::close(std::exchange(fd_, -1));
    return result == 0 ? 0 : errno;
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// Writes everything; 0, or the error that stopped it.
[[nodiscard]] int write_all(int file, std::string_view bytes);

}  // namespace ridgeline::cli
