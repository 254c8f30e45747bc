#pragma once

#include "models/base/source_text.hpp"
#include "models/network/trained_network.hpp"

/// ONNX (https://onnx.ai, IR version 3 to 8, opsets 7 to 17 of the default domain), float32, or
/// quantised to int8 and uint8 words: words.hpp says how.
///
/// The network is the part of the graph that its outputs depend on. Operators that only look at an
/// array differently (Reshape, Flatten, Squeeze, Unsqueeze, Transpose, Identity, Dropout) become no
/// nodes: they change how the next operator reads its input. A channel shuffle goes into the
/// weights behind it where it can, and is a convolution with a permutation matrix where not. Pads
/// of zeros go into the window behind them.
///
/// The graph has one input. One of rank 4 is N, C, H, W; of rank 3 N, C, H; of rank 2 N, C. If the
/// operators cannot be run so, other readings are tried: N, H, W, C, and any one dimension as
/// channels. A symbolic batch is 1. Kernels of one dimension run along H.
namespace ridgeline {

/// @throws InputError "FILE: node 'NAME' (Op): what; allowed: ..." for everything that is not such
/// a model: bytes that are no protobuf message or cut short; unknown operators, attributes, opsets
/// or element types; cycles, values that nobody makes or two nodes make; tensors whose bytes do not
/// fit their shape, kept outside the file or with words that are not finite; shapes that do not
/// fit, or are not those that the file states. Memory is bounded by a multiple of the file's size.
[[nodiscard]] TrainedNetwork parse_onnx(const SourceText& file);

}  // namespace ridgeline
