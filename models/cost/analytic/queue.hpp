#pragma once

#include <array>
#include <cassert>
#include <type_traits>

namespace ridgeline::analytic {

/// A few values in order of arrival; the oldest is the first. Only what is in it is ever written or
/// copied: the engine copies queues by the million, and most are nearly empty.
template <class T, unsigned kCapacity>
class Queue {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Queue() {}
  Queue(const Queue& other) { *this = other; }
  Queue& operator=(const Queue& other) {
    for (unsigned i = 0; i < kCapacity && i < other.size_; ++i) items_[i] = other.items_[i];
    size_ = other.size_;
    return *this;
  }
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
    --size_;
    for (unsigned i = 0; i + 1 < kCapacity && i < size_; ++i) items_[i] = items_[i + 1];
    return oldest;
  }
  /// Of a full queue.
  void exchange(const T& value) {
    for (unsigned i = 1; i < kCapacity; ++i) items_[i - 1] = items_[i];
    items_[kCapacity - 1] = value;
  }
  [[nodiscard]] const T& operator[](unsigned i) const { return items_[i]; }
  [[nodiscard]] T& operator[](unsigned i) { return items_[i]; }
  [[nodiscard]] unsigned size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  union {
    std::array<T, kCapacity> items_;
  };
  unsigned size_ = 0;
};

}  // namespace ridgeline::analytic
