// From the points of a tile to its outputs, and what is done to them on their way out.
#pragma once

#include "kernels/winograd/points.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// Of a tile: one bias for all lanes where they are samples, one for each where they are channels.
enum class Bias { same, ofLanes };

template <Bias B>
static CNNATIVE_INLINE Vec biasOf(const Epilogue<float>& e, int lane) {
  if (!e.bias) return zero();
  return B == Bias::same ? splat(*e.bias) : load(e.bias + lane);
}

// Where the outputs of a tile go, as far as they lie in the image.
struct OutputTile {
  float* y;
  Epilogue<float> epilogue;
  int64_t rows, columns;
  int64_t width;  // of the image
};

// Whole: all columns of the tile lie in the image.
template <int R, bool Whole, Bias B>
static CNNATIVE_NOINLINE void pointsToRows(const OutputTile& to, const float* m, int64_t stride) {
  constexpr int M = kSide<R>;
  const Vec least = splat(to.epilogue.relu ? 0.0f : -__builtin_inff());
  const float* const addend = to.epilogue.addend;
  for (int v = 0; v < kLanes; v += kWidth) {
    const Vec bias = biasOf<B>(to.epilogue, v);
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
template <int R, Bias B>
static CNNATIVE_INLINE void pointsToOutput(const OutputTile& to, const float* m, int64_t stride) {
  const auto rows = to.columns == kSide<R> ? pointsToRows<R, true, B> : pointsToRows<R, false, B>;
  rows(to, m, stride);
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
