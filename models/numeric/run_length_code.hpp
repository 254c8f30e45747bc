#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/numeric/tensor.hpp"

/// The run-length code of feature maps in DRAM (Chen et al., Eyeriss, JSSC 52(1), 2017, section
/// V-A): a pair is a run of up to 31 zeros, in 5 bits, and the word after it, which may itself be a
/// zero. Three pairs and one bit, set in the last code of a tensor, make a code: 64 bits for the
/// paper's 16-bit words, 40 for 8, 112 for 32. Ours to choose, as the paper does not say: the first
/// pair lies in the lowest bits, its run below its word; the last bit is the highest; codes are
/// little endian; pairs that are left over in the last code are zero bits.
///
/// A zero is a word that equals the tensor's zero point; of fp32 only +0, whose bits are all zero,
/// as the code must not lose a sign.
namespace ridgeline {

/// The whole tensor in its order of storage. A tensor of no words has no code.
[[nodiscard]] std::vector<std::byte> encode_run_lengths(const AnyTensor& tensor,
                                                        std::int32_t zero_point);
/// The tensor again; nothing if `code` is none of a tensor of that shape: too short or too long,
/// the last bit elsewhere than in the last code, or bits set behind the last pair.
[[nodiscard]] std::optional<AnyTensor> decode_run_lengths(std::span<const std::byte> code,
                                                          Precision precision, TensorShape shape,
                                                          std::int32_t zero_point);

/// Bytes that encode_run_lengths gives, without making them.
[[nodiscard]] std::int64_t run_length_bytes(const AnyTensor& tensor, std::int32_t zero_point);
/// The same as a part of the plain tensor; 1 for one that would grow, which is stored plain.
[[nodiscard]] double measured_coded_ratio(const AnyTensor& tensor, std::int32_t zero_point);

}  // namespace ridgeline
