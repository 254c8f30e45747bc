#pragma once

#include "models/mapping/pass.hpp"

namespace ridgeline::dataflows {

/// Ifmap words that the positions of a pass meet in its part of c x r x s, words on padding left
/// out: the entries of the lowered ifmap matrix that are real.
[[nodiscard]] std::int64_t real_ifmap_words(const ConvShape& shape, const Pass& pass);

}  // namespace ridgeline::dataflows
