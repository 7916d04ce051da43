// The points of Winograd convolution, and how patches of the input are evaluated at them.
#pragma once

#include "kernels/winograd/winograd.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// Interpolation points 0, +-A, +-B, infinity. With 3/4 and 3/2 the constants of both data transforms are exact in float
// and the error is 2 to 4 times below that of the textbook's 1 and 2.
static constexpr float A = 0.75f, B = 1.5f, A2 = A * A, B2 = B * B;
// What each point's Lagrange polynomial is divided by.
static constexpr double kScale[6] = {1.0 / (double(A2) * B2),
                                     1.0 / (2.0 * A2 * (double(A2) - B2)),
                                     1.0 / (2.0 * A2 * (double(A2) - B2)),
                                     1.0 / (2.0 * B2 * (double(B2) - A2)),
                                     1.0 / (2.0 * B2 * (double(B2) - A2)),
                                     1.0};
static constexpr int kPoints = static_cast<int>(kWinogradPoints);
static constexpr float kPowersOfA[5] = {1, A, A2, A* A2, A2* A2}, kPowersOfB[5] = {1, B, B2, B* B2, B2* B2};

// Outputs of a side of the tiles of a kernel of R x R taps.
template <int R>
static constexpr int64_t kSide = winogradSide(R);

// Six inputs, as values at the six points.
static CNNATIVE_INLINE void transformInput(const Vec (&d)[6], Vec (&v)[6]) {
  const Vec minusSum = splat(-(A2 + B2)), product = splat(A2 * B2);
  const Vec evenA = fma(splat(-B2), d[2], d[4]), oddA = splat(A) * fma(splat(-B2), d[1], d[3]);
  const Vec evenB = fma(splat(-A2), d[2], d[4]), oddB = splat(B) * fma(splat(-A2), d[1], d[3]);
  v[0] = fma(product, d[0], fma(minusSum, d[2], d[4]));
  v[1] = evenA + oddA;
  v[2] = evenA - oddA;
  v[3] = evenB + oddB;
  v[4] = evenB - oddB;
  v[5] = fma(product, d[1], fma(minusSum, d[3], d[5]));
}

// Even and odd powers of the polynomial with coefficients g, at the root of `square`; the odd ones over that root.
template <int N>
static CNNATIVE_INLINE Vec evenPowers(const Vec (&g)[N], float square) {
  if constexpr (N > 4) return fma(splat(square), fma(splat(square), g[4], g[2]), g[0]);
  if constexpr (N > 2) return fma(splat(square), g[2], g[0]);
  return g[0];
}
template <int N>
static CNNATIVE_INLINE Vec oddPowers(const Vec (&g)[N], float square) {
  if constexpr (N > 3) return fma(splat(square), g[3], g[1]);
  return g[1];
}

// N taps or gradients, 2 to 5 of them, as values at the six points; not divided by the scales.
template <int N>
static CNNATIVE_INLINE void toPoints(const Vec (&g)[N], Vec (&u)[6]) {
  const Vec evenA = evenPowers(g, A2), oddA = splat(A) * oddPowers(g, A2);
  const Vec evenB = evenPowers(g, B2), oddB = splat(B) * oddPowers(g, B2);
  u[0] = g[0];
  u[1] = evenA + oddA;
  u[2] = evenA - oddA;
  u[3] = evenB + oddB;
  u[4] = evenB - oddB;
  u[5] = g[N - 1];
}

// RxR taps as values at the 36 points, divided by the scales.
template <int R>
static CNNATIVE_INLINE void weightsToPoints(const Vec (&taps)[R * R], Vec (&u)[kPoints]) {
  const auto transform = [](const Vec(&g)[R], Vec(&t)[6]) {
    toPoints(g, t);
    CNNATIVE_UNROLL
    for (int p = 0; p < 5; p++) t[p] = t[p] * splat(static_cast<float>(kScale[p]));
  };
  Vec half[6][R];
  CNNATIVE_UNROLL
  for (int q = 0; q < R; q++) {
    Vec g[R], t[6];
    CNNATIVE_UNROLL
    for (int r = 0; r < R; r++) g[r] = taps[r * R + q];
    transform(g, t);
    CNNATIVE_UNROLL
    for (int p = 0; p < 6; p++) half[p][q] = t[p];
  }
  CNNATIVE_UNROLL
  for (int p = 0; p < 6; p++) {
    Vec t[6];
    transform(half[p], t);
    CNNATIVE_UNROLL
    for (int q = 0; q < 6; q++) u[p * 6 + q] = t[q];
  }
}

// Values at the six points, as N outputs or taps.
template <int N>
static CNNATIVE_INLINE void fromPoints(const Vec (&m)[6], Vec (&y)[N]) {
  const Vec sumA = m[1] + m[2], differenceA = m[1] - m[2], sumB = m[3] + m[4], differenceB = m[3] - m[4];
  y[0] = (m[0] + sumA) + sumB;
  CNNATIVE_UNROLL
  for (int i = 1; i < N; i++) {
    const Vec a = i % 2 ? differenceA : sumA, b = i % 2 ? differenceB : sumB, factor = splat(kPowersOfB[i]);
    y[i] = fma(splat(kPowersOfA[i]), a, i == N - 1 ? fma(factor, b, m[5]) : factor * b);
  }
}

// to[point * stride] = the 6x6 patch of x whose first row and column are given, zeros outside the image.
static void patchToPoints(float* to, int64_t stride, const float* x, int64_t top, int64_t left, int64_t height,
                          int64_t width) {
  alignas(64) static constexpr float kZeros[6 * kLanes] = {};
  // Columns within the image, and where each row has the first of them: no place is looked at twice.
  const int64_t first = left < 0 ? -left : 0, last = smaller(6, width - left);
  const float* rows[6];
  CNNATIVE_UNROLL
  for (int r = 0; r < 6; r++) {
    const int64_t row = top + r;
    rows[r] = row >= 0 && row < height ? x + (row * width + left + first) * kLanes : kZeros;
  }
  for (int v = 0; v < kLanes; v += kWidth) {
    Vec columns[6][6];  // [transformed row][column]
    for (int64_t c = 0; c < 6; c++) {
      Vec d[6], t[6];
      const bool real = c >= first && c < last;
      CNNATIVE_UNROLL
      for (int r = 0; r < 6; r++) d[r] = real ? load(rows[r] + (c - first) * kLanes + v) : zero();
      transformInput(d, t);
      CNNATIVE_UNROLL
      for (int r = 0; r < 6; r++) columns[r][c] = t[r];
    }
    for (int r = 0; r < 6; r++) {
      Vec t[6];
      transformInput(columns[r], t);
      CNNATIVE_UNROLL
      for (int c = 0; c < 6; c++) store(to + (r * 6 + c) * stride + v, t[c]);
    }
  }
}

// One vector more than the data, so that the 36 points of a power of two channels do not fall into one cache set.
static int64_t pointStride(int64_t channels, int64_t tiles) { return (tiles * channels + 1) * kLanes; }

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
