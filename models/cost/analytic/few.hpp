#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <type_traits>
#include <vector>

namespace ridgeline::analytic {

/// A sequence that is rarely longer than kFew: the engine would spend its time allocating it.
template <class T, std::size_t kFew>
class Few {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Few() {}
  void clear() {
    size_ = 0;
    more_.clear();
  }
  void push_back(const T& value) {
    if (size_ < kFew) {
      few_[size_] = value;
    } else {
      if (size_ == kFew) more_.assign(few_.begin(), few_.end());
      more_.push_back(value);
    }
    ++size_;
  }
  [[nodiscard]] const T* data() const { return size_ <= kFew ? few_.data() : more_.data(); }
  [[nodiscard]] T* data() { return size_ <= kFew ? few_.data() : more_.data(); }
  [[nodiscard]] const T& operator[](std::size_t i) const {
    assert(i < size_);
    return data()[i];
  }
  [[nodiscard]] T& operator[](std::size_t i) {
    assert(i < size_);
    return data()[i];
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  union {                      // so that only what is pushed is written
    std::array<T, kFew> few_;  // all of them, while they are few
  };
  std::vector<T> more_;  // all of them, when they are more
  std::size_t size_ = 0;
};

}  // namespace ridgeline::analytic
