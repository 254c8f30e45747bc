#pragma once

#include "models/numeric/workload.hpp"
#include "tests/support/random_case.hpp"

namespace ridgeline::testing {

/// Gives every tensor and every filter of an int8 workload a zero point at random, and half of the
/// tensors the whole range of words; scales stay.
void put_random_zero_points(Random& random, Workload& workload);

}  // namespace ridgeline::testing
