#include <algorithm>

#include "models/numeric/convolution_sums.hpp"

// One loop, compiled once for each set of vector instructions. The vectors are the compiler's own
// (vector_size), so that the loop reads the same for every set and every accumulator.
namespace ridgeline::reference {
namespace {

/// Rows [row, row + Rows) and columns [column, column + Vectors * lanes) of a piece. The sums stay
/// in registers while the taps go by. Inlined into functions that allow more instructions.
template <int Bytes, int Rows, int Vectors, class T>
[[gnu::always_inline]] inline void add_block(const Piece<T>& piece, int row, int column) {
  using Vector [[gnu::vector_size(Bytes)]] = T;
  constexpr int kWidth = Bytes / static_cast<int>(sizeof(T));
  T* const sums = piece.sums + static_cast<std::size_t>(row) * piece.sum_stride + column;
  const T* const filters = piece.filters + static_cast<std::size_t>(row) * piece.taps;
  const T* columns = piece.columns + column;
  Vector sum[Rows][Vectors]{};
  for (int i = 0; i < Rows && !piece.first; ++i) {
    for (int v = 0; v < Vectors; ++v) {
      __builtin_memcpy(&sum[i][v], sums + i * piece.sum_stride + v * kWidth, Bytes);
    }
  }
  for (int tap = 0; tap < piece.taps; ++tap, columns += piece.column_stride) {
    Vector x[Vectors];
    for (int v = 0; v < Vectors; ++v) __builtin_memcpy(&x[v], columns + v * kWidth, Bytes);
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
      const T weight = filters[static_cast<std::ptrdiff_t>(i) * piece.taps + tap];
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; ++v) sum[i][v] += weight * x[v];
    }
  }
  for (int i = 0; i < Rows; ++i) {
    for (int v = 0; v < Vectors; ++v) {
      __builtin_memcpy(sums + i * piece.sum_stride + v * kWidth, &sum[i][v], Bytes);
    }
  }
}

template <int Bytes, int Rows, int Vectors, class T>
[[gnu::always_inline]] inline void add_rows(const Piece<T>& piece, int row) {
  constexpr int kWidth = Bytes / static_cast<int>(sizeof(T));
  int column = 0;
  for (; column + Vectors * kWidth <= piece.width; column += Vectors * kWidth) {
    add_block<Bytes, Rows, Vectors>(piece, row, column);
  }
  for (; column < piece.width; column += kWidth) add_block<Bytes, Rows, 1>(piece, row, column);
}

/// Rows x Vectors registers hold the sums; a few more hold the operands.
template <int Bytes, int Rows, int Vectors, class T>
[[gnu::always_inline]] inline void add_piece(const Piece<T>& piece) {
  int row = 0;
  for (; row + Rows <= piece.rows; row += Rows) add_rows<Bytes, Rows, Vectors>(piece, row);
  for (; row < piece.rows; ++row) add_rows<Bytes, 1, Vectors>(piece, row);
}

template <class T>
void add_piece_portable(const Piece<T>& piece) {
  add_piece<16, 4, 2>(piece);
}
template <class T>
[[gnu::target("avx2")]] void add_piece_avx2(const Piece<T>& piece) {
  add_piece<32, 4, 2>(piece);
}
template <class T>
[[gnu::target("avx512f,avx512dq,avx512bw,avx512vl")]] void add_piece_avx512(const Piece<T>& piece) {
  add_piece<64, 8, 3>(piece);
}

}  // namespace

std::vector<Simd> available_simd() {
  std::vector<Simd> available{Simd::portable};
  if (__builtin_cpu_supports("avx2")) available.push_back(Simd::avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    available.push_back(Simd::avx512);
  }
  return available;
}

Simd fastest_simd() {
  static const Simd fastest = available_simd().back();
  return fastest;
}

template <class T>
auto piece_function(Simd simd) -> void (*)(const Piece<T>&) {
  switch (simd) {
    case Simd::avx512:
      return add_piece_avx512<T>;
    case Simd::avx2:
      return add_piece_avx2<T>;
    case Simd::portable:
      break;
  }
  return add_piece_portable<T>;
}

template auto piece_function<float>(Simd) -> void (*)(const Piece<float>&);
template auto piece_function<double>(Simd) -> void (*)(const Piece<double>&);
template auto piece_function<std::int32_t>(Simd) -> void (*)(const Piece<std::int32_t>&);
template auto piece_function<std::int64_t>(Simd) -> void (*)(const Piece<std::int64_t>&);

}  // namespace ridgeline::reference
