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

// to[point * stride] = the 6x6 patch of x whose first row and column are given, zeros outside the image.
template <bool Inside>
static CNNATIVE_INLINE void patchToPoints(float* to, int64_t stride, const float* x, int64_t top, int64_t left,
                                          int64_t height, int64_t width) {
  for (int v = 0; v < kLanes; v += kWidth) {
    Vec columns[6][6];  // [transformed row][column]
    for (int c = 0; c < 6; c++) {
      Vec d[6], t[6];
      CNNATIVE_UNROLL
      for (int r = 0; r < 6; r++) {
        const int64_t row = top + r, column = left + c;
        const bool real = Inside || (row >= 0 && row < height && column >= 0 && column < width);
        d[r] = real ? load(x + (row * width + column) * kLanes + v) : zero();
      }
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

static void patchToPoints(float* to, int64_t stride, const float* x, int64_t top, int64_t left, int64_t height,
                          int64_t width) {
  if (top >= 0 && left >= 0 && top + 6 <= height && left + 6 <= width) {
    patchToPoints<true>(to, stride, x, top, left, height, width);
  } else {
    patchToPoints<false>(to, stride, x, top, left, height, width);
  }
}

// One vector more than the data, so that the 36 points of a power of two channels do not fall into one cache set.
static int64_t pointStride(int64_t channels, int64_t tiles) { return (tiles * channels + 1) * kLanes; }

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
