#include "sim/stack_bounds.hpp"

#ifdef RIDGELINE_SANITIZED
#include <pthread.h>
#include <sanitizer/common_interface_defs.h>

#include <cstddef>

void ridgeline::sim::announce_main_stack() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  void* bottom = nullptr;
  std::size_t size = 0;
  if (pthread_attr_getstack(&attributes, &bottom, &size) == 0) {
    __sanitizer_start_switch_fiber(nullptr, bottom, size);
    __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
  }
  pthread_attr_destroy(&attributes);
}
#else
void ridgeline::sim::announce_main_stack() {}
#endif
