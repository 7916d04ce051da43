// Sums of outer products over samples, the heart of weight gradients: one side are scalars, the other vectors.
#pragma once

#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// Scalars x[line][tile][C][sample], with these distances in floats, and so many floats further on what is asked for
// meanwhile.
struct Scalars {
  const float* x;
  int64_t tile, row, ahead;
  int64_t line = 0;
};

// Vectors d[column][line][tile][sample][width], with these distances in floats: those of a line lie one after another.
struct Vectors {
  const float* d;
  int64_t column;
  int64_t line = 0;
};

// Vectors are stored in columns of this width, the last perhaps narrower, so that each register tile reads its own one
// after another.
static constexpr int kColumnBlocks = kWidth == 16 ? 2 : 1;
static constexpr int64_t kColumn = kColumnBlocks * kLanes;

// Where the vectors of channel k, a multiple of 16, begin in so many rows (tile, sample), and the distance of two rows.
struct Column {
  int64_t offset, stride;
};
static CNNATIVE_INLINE Column columnAt(int64_t k, int64_t K, int64_t rows) {
  const int64_t first = k / kColumn * kColumn, width = K - first < kColumn ? K - first : kColumn;
  return {first * rows + (k - first), width};
}

// sums[CT of C][KB * 16 of K] += x[line][tile][C][sample] d[line][tile][sample][KB * 16].
template <int CT, int KB>
static CNNATIVE_INLINE void addProduct(float* sums, const Scalars& s, const Vectors& vectors, int64_t K, int64_t lines,
                                       int64_t tiles, bool first) {
  constexpr int V = KB * kVecs;
  Vec acc[CT][V];
  CNNATIVE_UNROLL
  for (int c = 0; c < CT; c++) {
    CNNATIVE_UNROLL
    for (int i = 0; i < V; i++) acc[c][i] = first ? zero() : load(sums + c * K + i * kWidth);
  }
  // The sums of the next register tile: those of many channels lie beyond the second-level cache.
  CNNATIVE_UNROLL
  for (int c = 0; c < CT; c++) prefetch<true>(sums + c * K + KB * kLanes);
  for (int64_t line = 0; line < lines; line++) {
    const float *x = s.x + line * s.line, *d = vectors.d + line * vectors.line;
    for (int64_t t = 0; t < tiles; t++, x += s.tile) {
      if (s.ahead != 0) {
        CNNATIVE_UNROLL
        for (int c = 0; c < CT; c++) prefetch<false>(x + s.ahead + c * s.row);
      }
      CNNATIVE_UNROLL_BY_4
      for (int l = 0; l < kLanes; l++, d += KB * kLanes) {
        Vec gradient[V];
        CNNATIVE_UNROLL
        for (int i = 0; i < V; i++) gradient[i] = load(d + i * kWidth);
        CNNATIVE_UNROLL
        for (int c = 0; c < CT; c++) {
          const Vec in = splat(x[c * s.row + l]);
          CNNATIVE_UNROLL
          for (int i = 0; i < V; i++) acc[c][i] = fma(in, gradient[i], acc[c][i]);
        }
      }
    }
  }
  CNNATIVE_UNROLL
  for (int c = 0; c < CT; c++) {
    CNNATIVE_UNROLL
    for (int i = 0; i < V; i++) store(sums + c * K + i * kWidth, acc[c][i]);
  }
}

// The most rows of a register tile beside its columns.
static constexpr int kMostRows = kWidth == 16 ? 8 : 6;

// sums[C][K] += x[line][tile][C][sample] d[line][tile][sample][K], d in columns, row by row of register tiles.
static inline void addProducts(float* sums, Scalars x, Vectors d, int64_t C, int64_t K, int64_t lines, int64_t tiles,
                               bool first) {
  const int64_t ahead = x.ahead;
  const float* const begin = d.d;
  const auto rows = [&](auto count) {
    int64_t k = 0;
    for (; k + kColumn <= K; k += kColumn, d.d += d.column, x.ahead = 0) {
      addProduct<count(), kColumnBlocks>(sums + k, x, d, K, lines, tiles, first);
    }
    if (k < K) addProduct<count(), 1>(sums + k, x, d, K, lines, tiles, first);
    x.x += count() * x.row;
    x.ahead = ahead;
    d.d = begin;
    sums += count() * K;
  };
  // Eight and nine rows are two tiles of four: one of six would leave single rows, which wait for their own sums.
  const auto isMost = [](int64_t left) { return left >= kMostRows && (kMostRows == 8 || (left != 8 && left != 9)); };
  int64_t c = 0;
  for (; isMost(C - c); c += kMostRows) rows(Size<kMostRows>{});
  for (; c + 4 <= C; c += 4) rows(Size<4>{});
  for (; c < C; c++) rows(Size<1>{});
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
