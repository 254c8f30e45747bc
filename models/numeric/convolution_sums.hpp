#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "models/network/shape.hpp"
#include "models/numeric/operand_zeros.hpp"

/// The sums of products of a convolution, the reference engine's only expensive loop.
///
/// The convolution is written as the matrix product filters [M][taps] x columns [taps][positions],
/// with taps = (c, r, s) in that order and positions = (n, p, q). Every sum adds its products one
/// tap after another in that order, starting from zero; vector instructions work on different
/// positions side by side, never on different taps. So an fp32 sum does not depend on which
/// instructions the machine has, and an integer sum is exact.
namespace ridgeline::reference {

/// Which vector instructions to use. `portable` is what every x86-64 machine has.
enum class Simd { portable, avx2, avx512 };
/// Those that this machine can run, slowest first; always holds `portable`.
[[nodiscard]] std::vector<Simd> available_simd();
[[nodiscard]] Simd fastest_simd();

/// Sum for every filter m and position j = (n P + p) Q + q, at data[m * stride + j].
template <class Accumulator>
struct Sums {
  std::size_t positions = 0;  ///< N P Q
  std::size_t stride = 0;     ///< positions, rounded up to whole vectors
  std::unique_ptr<Accumulator[]> data;

  [[nodiscard]] std::span<const Accumulator> of_filter(int m) const {
    return {data.get() + static_cast<std::size_t>(m) * stride, positions};
  }
};

/// What the products of a word are summed in: float for float, int32 for int8, int64 for int16.
/// Integer sums are exact as long as they cannot leave that range; make_workload refuses layers
/// that could. Products are those of words less their zero points; the border is zero. Those of
/// int16 are added up in double as long as that is exact.
template <class Word>
using AccumulatorOf =
    std::conditional_t<std::is_same_v<Word, float>, float,
                       std::conditional_t<sizeof(Word) == 1, std::int32_t, std::int64_t>>;

template <class Word>
[[nodiscard]] Sums<AccumulatorOf<Word>> convolution_sums(const ConvShape& shape,
                                                         std::span<const Word> ifmap,
                                                         std::span<const Word> filters,
                                                         Simd simd = fastest_simd(),
                                                         const OperandZeros& zeros = {});

/// One piece of the matrix product: sums[rows][columns] += filters[rows][taps] x
/// columns[taps][columns]. `width` is a multiple of kLanes.
template <class Accumulator>
struct Piece {
  bool first = true;  ///< of its sums: they start from zero, whatever is there
  int rows = 0, taps = 0, width = 0;
  const Accumulator* filters = nullptr;  ///< rows lie `taps` apart
  const Accumulator* columns = nullptr;  ///< rows lie `column_stride` apart
  Accumulator* sums = nullptr;           ///< rows lie `sum_stride` apart
  std::size_t column_stride = 0, sum_stride = 0;
};
/// Accumulators in the widest vector register.
template <class Accumulator>
inline constexpr int kLanes = static_cast<int>(64 / sizeof(Accumulator));

/// The function that adds up a piece with the instructions of `simd`.
template <class Accumulator>
[[nodiscard]] auto piece_function(Simd simd) -> void (*)(const Piece<Accumulator>&);

}  // namespace ridgeline::reference
