// From the points of a tile to its outputs, and what is done to them on their way out.
#pragma once

#include "kernels/winograd/points.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// The bias of a tile: one for all lanes where they are samples, one for each where they are channels.
struct SameBias {
  const float* bias;
  CNNATIVE_INLINE Vec at(int) const { return bias ? splat(*bias) : zero(); }
};
struct LaneBias {
  const float* bias;
  CNNATIVE_INLINE Vec at(int lane) const { return bias ? load(bias + lane) : zero(); }
};

// Where the outputs of a tile go, as far as they lie in the image: y = act(sum + bias + addend).
template <class Bias>
struct OutputTile {
  float* y;
  Bias bias;
  const float* addend;  // or null; may be y itself
  bool relu;
  int64_t rows, columns;
  int64_t width;  // of the image
};

// Whole: all columns of the tile lie in the image.
template <int R, bool Whole, class Bias>
static CNNATIVE_NOINLINE void pointsToRows(const OutputTile<Bias>& to, const float* m, int64_t stride) {
  constexpr int M = kSide<R>;
  const Vec least = splat(to.relu ? 0.0f : -__builtin_inff());
  const float* const addend = to.addend;
  for (int v = 0; v < kLanes; v += kWidth) {
    const Vec bias = to.bias.at(v);
    Vec half[M][6];  // [output row][column of points]
    for (int c = 0; c < 6; c++) {
      Vec d[6], t[M];
      CNNATIVE_UNROLL
      for (int r = 0; r < 6; r++) d[r] = load(m + (r * 6 + c) * stride + v);
      fromPoints(d, t);
      CNNATIVE_UNROLL
      for (int r = 0; r < M; r++) half[r][c] = t[r];
    }
    for (int r = 0; r < to.rows; r++) {
      const int64_t at = r * to.width * kLanes + v;
      Vec t[M];
      fromPoints(half[r], t);
      CNNATIVE_UNROLL
      for (int c = 0; c < M; c++) t[c] = t[c] + bias;
      if (addend) {
        CNNATIVE_UNROLL
        for (int c = 0; c < M; c++) {
          if (Whole || c < to.columns) t[c] = t[c] + load(addend + at + c * kLanes);
        }
      }
      CNNATIVE_UNROLL
      for (int c = 0; c < M; c++) {
        if (Whole || c < to.columns) store(to.y + at + c * kLanes, max(least, t[c]));
      }
    }
  }
}

// m[36] with `stride` between the points.
template <int R, class Bias>
static CNNATIVE_INLINE void pointsToOutput(const OutputTile<Bias>& to, const float* m, int64_t stride) {
  const auto rows = to.columns == kSide<R> ? pointsToRows<R, true, Bias> : pointsToRows<R, false, Bias>;
  rows(to, m, stride);
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
