#pragma once

#include <array>
#include <cassert>

namespace ridgeline::analytic {

/// A few values in order of arrival.
template <class T, unsigned kCapacity>
class Ring {
 public:
  void push(const T& value) {
    assert(size_ < kCapacity);
    items_[(begin_ + size_++) % kCapacity] = value;
  }
  T pop() {
    assert(size_ > 0);
    --size_;
    return items_[begin_++ % kCapacity];
  }
  [[nodiscard]] const T& operator[](unsigned i) const { return items_[(begin_ + i) % kCapacity]; }
  [[nodiscard]] T& operator[](unsigned i) { return items_[(begin_ + i) % kCapacity]; }
  [[nodiscard]] unsigned size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  std::array<T, kCapacity> items_;  // only what was pushed has a value
  unsigned begin_ = 0, size_ = 0;
};

}  // namespace ridgeline::analytic
