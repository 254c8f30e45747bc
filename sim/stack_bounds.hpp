#pragma once

namespace ridgeline::sim {

/// To be called on the main thread after sc_start(). SystemC 2.3.4 announces its coroutine switches
/// to AddressSanitizer, but does not know the main thread's stack: on the way back it announces an
/// empty one, and from then on an exception leaves stale marks behind that look like errors. This
/// announces the real one; without AddressSanitizer it does nothing.
void announce_main_stack();

}  // namespace ridgeline::sim
