#pragma once

#include <array>
#include <cassert>

namespace ridgeline::analytic {

/// A few values in order of arrival; the oldest is the first.
template <class T, unsigned kCapacity>
class Queue {
 public:
  /// So many values that say nothing.
  void fill(int count) {
    size_ = 0;
    while (count-- > 0) push({});
  }
  void push(const T& value) {
    assert(size_ < kCapacity);
    items_[size_++] = value;
  }
  T pop() {
    assert(size_ > 0);
    const T oldest = items_[0];
    for (unsigned i = 1; i < kCapacity; ++i) items_[i - 1] = items_[i];
    --size_;
    return oldest;
  }
  [[nodiscard]] const T& operator[](unsigned i) const { return items_[i]; }
  [[nodiscard]] T& operator[](unsigned i) { return items_[i]; }
  [[nodiscard]] unsigned size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  std::array<T, kCapacity> items_{};
  unsigned size_ = 0;
};

}  // namespace ridgeline::analytic
