// The weight gradient as F(3x3, 4x4): the patches' points are scalars, those of the gradients are vectors of output
// channels.
#pragma once

#include "kernels/outer_products.h"
#include "kernels/winograd/tiles.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// Four gradients, as values at the six points; not divided by the scales yet.
static CNNATIVE_INLINE void transformGradient(const Vec (&d)[4], Vec (&u)[6]) {
  const Vec evenA = fma(splat(A2), d[2], d[0]), oddA = splat(A) * fma(splat(A2), d[3], d[1]);
  const Vec evenB = fma(splat(B2), d[2], d[0]), oddB = splat(B) * fma(splat(B2), d[3], d[1]);
  u[0] = d[0];
  u[1] = evenA + oddA;
  u[2] = evenA - oddA;
  u[3] = evenB + oddB;
  u[4] = evenB - oddB;
  u[5] = d[3];
}

// Values at the six points, as three taps.
static CNNATIVE_INLINE void transformTaps(const Vec (&m)[6], Vec (&w)[3]) {
  const Vec sumA = m[1] + m[2], differenceA = m[1] - m[2], sumB = m[3] + m[4], differenceB = m[3] - m[4];
  w[0] = (m[0] + sumA) + sumB;
  w[1] = fma(splat(A), differenceA, splat(B) * differenceB);
  w[2] = fma(splat(A2), sumA, fma(splat(B2), sumB, m[5]));
}

// to[point * stride] = the 4x4 gradients at from[pixel * step].
static CNNATIVE_INLINE void gradientToPoints(float* to, int64_t stride, const float* from, int64_t step) {
  Vec columns[6][4];
  for (int c = 0; c < 4; c++) {
    Vec d[4], t[6];
    CNNATIVE_UNROLL
    for (int r = 0; r < 4; r++) d[r] = load(from + (r * 4 + c) * step);
    transformGradient(d, t);
    CNNATIVE_UNROLL
    for (int r = 0; r < 6; r++) columns[r][c] = t[r];
  }
  for (int r = 0; r < 6; r++) {
    Vec t[6];
    transformGradient(columns[r], t);
    CNNATIVE_UNROLL
    for (int c = 0; c < 6; c++) store(to + (r * 6 + c) * stride, t[c]);
  }
}

static int64_t paddedOutputs(const WinogradShape& s) { return (s.outputs + kLanes - 1) / kLanes * kLanes; }

// Tiles whose products are added before the sums go back to memory.
static constexpr int64_t kGradientTiles = 4;

// Distance of the sums of two points, again no power of two.
static int64_t sumStride(const WinogradShape& s) { return pointStride(s.inputs * (paddedOutputs(s) / kLanes), 1); }

static int64_t gradientScratch(const WinogradShape& s) {
  const int64_t points = pointStride(s.inputs, kGradientTiles) + pointStride(paddedOutputs(s), kGradientTiles);
  return kPoints * (sumStride(s) + points) + 16 * kLanes * kLanes;
}

// Sixteen 16x16 blocks [pixel][sample][channel]: the gradients of a tile, channels innermost; zeros outside.
static void transposeGradients(float* to, const float* dy, int64_t channels, int64_t row, int64_t column,
                               const WinogradShape& s) {
  const int64_t plane = s.outputHeight * s.outputWidth * kLanes;
  for (int64_t pixel = 0; pixel < 16; pixel++, to += kLanes * kLanes) {
    const int64_t y = row + pixel / 4, x = column + pixel % 4;
    const bool inside = y < s.outputHeight && x < s.outputWidth;
    const float* from = dy + (y * s.outputWidth + x) * kLanes;
    if (inside && channels >= kLanes) {
      transposeBlock(to, kLanes, [&](int i, int v) { return load(from + i * plane + v * kWidth); });
    } else {
      transposeBlock(to, kLanes, [&](int i, int v) {
        return inside && i < channels ? load(from + i * plane + v * kWidth) : zero();
      });
    }
  }
}

// What the sums of each point are divided by.
struct Scales {
  float at[6][6];
};
static constexpr Scales kScales = [] {
  Scales scales = {};
  for (int p = 0; p < 6; p++) {
    for (int q = 0; q < 6; q++) scales.at[p][q] = static_cast<float>(kScale[p] * kScale[q]);
  }
  return scales;
}();

// The sums of many channels come from the last-level cache, as 36 streams, and are asked for so many elements ahead.
static constexpr int64_t kSumsAhead = 4 * kLanes;

// dw[9][C][K] (+)= the taps of the sums [36][first..last of C][K padded].
static void sumsToTaps(float* dw, const float* sums, bool accumulate, const WinogradShape& s, int64_t first,
                       int64_t last) {
  const int64_t K = paddedOutputs(s), stride = sumStride(s);
  for (int64_t c = first; c < last; c++) {
    for (int64_t k = 0; k < s.outputs; k += kWidth) {
      Vec half[3][6];
      for (int q = 0; q < 6; q++) {
        Vec m[6], t[3];
        CNNATIVE_UNROLL
        for (int p = 0; p < 6; p++) {
          const float* from = sums + (p * 6 + q) * stride + (c - first) * K + k;
          prefetch<false>(from + kSumsAhead);
          m[p] = load(from) * splat(kScales.at[p][q]);
        }
        transformTaps(m, t);
        for (int r = 0; r < 3; r++) half[r][q] = t[r];
      }
      const int64_t left = s.outputs - k;
      for (int r = 0; r < 3; r++) {
        Vec t[3];
        transformTaps(half[r], t);
        for (int q = 0; q < 3; q++) {
          storeSum(dw + ((r * 3 + q) * s.inputs + c) * s.outputs + k, t[q], left, accumulate);
        }
      }
    }
  }
}

static void weightGradient(float* dw, const float* dy, const float* x, bool accumulate, const WinogradShape& s,
                           int64_t first, int64_t last, float* scratch) {
  const int64_t most = kGradientTiles, across = (s.outputWidth + 3) / 4, all = tilesOf(s);
  const int64_t C = last - first, K = paddedOutputs(s);
  x += first * s.height * s.width * kLanes;
  const int64_t vStride = pointStride(C, most), dStride = pointStride(K, most), sStride = sumStride(s);
  float* sums = scratch;
  float* v = sums + kPoints * sStride;
  float* d = v + kPoints * vStride;
  float* pixels = d + kPoints * dStride;
  for (int64_t start = 0; start < all; start += most) {
    const int64_t tiles = all - start < most ? all - start : most;
    for (int64_t c = 0; c < C; c++) {
      for (int64_t t = 0; t < tiles; t++) {
        const int64_t top = (start + t) / across * 4 - s.padTop, left = (start + t) % across * 4 - s.padLeft;
        if (c + kChannelsAhead < C) {
          const float* ahead = x + (c + kChannelsAhead) * s.height * s.width * kLanes;
          prefetchArea<false>(ahead, patchArea(top, left), s.height, s.width);
        }
        patchToPoints(v + (t * C + c) * kLanes, vStride, x + c * s.height * s.width * kLanes, top, left, s.height,
                      s.width);
      }
    }
    for (int64_t k = 0; k < s.outputs; k += kLanes) {
      const float* plane = dy + k * s.outputHeight * s.outputWidth * kLanes;
      for (int64_t t = 0; t < tiles; t++) {
        transposeGradients(pixels, plane, s.outputs - k, (start + t) / across * 4, (start + t) % across * 4, s);
        const Column column = columnAt(k, K, tiles * kLanes);
        for (int64_t l = 0; l < kLanes; l++) {
          for (int64_t i = 0; i < kLanes; i += kWidth) {
            gradientToPoints(d + column.offset + (t * kLanes + l) * column.stride + i, dStride, pixels + l * kLanes + i,
                             kLanes * kLanes);
          }
        }
      }
    }
    const int64_t next = start + tiles, nextTiles = all - next < most ? all - next : most;
    for (int p = 0; p < kPoints; p++) {
      prefetchTiles(x, C, s.height, s.width, next, nextTiles, across, 2 - s.padTop, 2 - s.padLeft, p);
      prefetchTiles(dy, s.outputs, s.outputHeight, s.outputWidth, next, nextTiles, across, 0, 0, p);
      addProducts(sums + p * sStride, {v + p * vStride, C * kLanes, kLanes, 0},
                  {d + p * dStride, kColumn * tiles * kLanes}, C, K, 1, tiles, start == 0);
    }
  }
  sumsToTaps(dw, sums, accumulate, s, first, last);
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
