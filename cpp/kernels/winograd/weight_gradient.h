// The weight gradient as F(3x3, 4x4) or F(5x5, 2x2): the patches' points are scalars, those of the gradients are
// vectors of output channels.
#pragma once

#include "kernels/outer_products.h"
#include "kernels/winograd/tiles.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// to[point * stride] = the gradients of a tile at from[pixel * step].
template <int R>
static CNNATIVE_INLINE void gradientToPoints(float* to, int64_t stride, const float* from, int64_t step) {
  constexpr int M = kSide<R>;
  Vec columns[6][M];
  for (int c = 0; c < M; c++) {
    Vec d[M], t[6];
    CNNATIVE_UNROLL
    for (int r = 0; r < M; r++) d[r] = load(from + (r * M + c) * step);
    toPoints(d, t);
    CNNATIVE_UNROLL
    for (int r = 0; r < 6; r++) columns[r][c] = t[r];
  }
  for (int r = 0; r < 6; r++) {
    Vec t[6];
    toPoints(columns[r], t);
    CNNATIVE_UNROLL
    for (int c = 0; c < 6; c++) store(to + (r * 6 + c) * stride, t[c]);
  }
}

static int64_t paddedOutputs(const WinogradShape& s) { return (s.outputs + kLanes - 1) / kLanes * kLanes; }

// Tiles whose products are added before the sums go back to memory.
static constexpr int64_t kGradientTiles = 4;

// Input channels whose sums are held at once. Of an image that is done after one round of tiles they become taps before
// the next channels begin, and never leave the cache: those of 256x256 channels are 9 MB. A multiple of the rows of
// register tiles.
static constexpr int64_t kSumChannels = 24;
static int64_t sumChannels(const WinogradShape& s) {
  return tilesOf(s) <= kGradientTiles && s.inputs > kSumChannels ? kSumChannels : s.inputs;
}

// Distance of the sums of two points, again no power of two.
static int64_t sumStride(const WinogradShape& s) {
  return pointStride(sumChannels(s) * (paddedOutputs(s) / kLanes), 1);
}

static int64_t gradientScratch(const WinogradShape& s) {
  const int64_t points = pointStride(sumChannels(s), kGradientTiles) + pointStride(paddedOutputs(s), kGradientTiles);
  return kPoints * (sumStride(s) + points) + 16 * kLanes * kLanes;
}

// A 16x16 block [sample][channel] for each pixel: the gradients of a tile, channels innermost; zeros outside. Planes
// that are a power of two share few sets of the caches, so the pixel that comes next is asked for only now.
template <int R>
static void transposeGradients(float* to, const float* dy, int64_t channels, int64_t row, int64_t column,
                               const WinogradShape& s) {
  const int64_t plane = s.outputHeight * s.outputWidth * kLanes;
  constexpr int64_t M = kSide<R>;
  for (int64_t pixel = 0; pixel < M * M; pixel++, to += kLanes * kLanes) {
    const int64_t y = row + pixel / M, x = column + pixel % M;
    const bool inside = y < s.outputHeight && x < s.outputWidth;
    const float* from = dy + (y * s.outputWidth + x) * kLanes;
    if (inside && channels >= kLanes) {
      const float* next = from + (pixel % M == M - 1 ? s.outputWidth - M + 1 : 1) * kLanes;
      CNNATIVE_UNROLL
      for (int i = 0; i < kLanes; i++) prefetch<false>(next + i * plane);
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

// dw[R * R][C][K] (+)= the taps of the sums [36][first..last of C][K padded].
template <int R>
static void sumsToTaps(float* dw, const float* sums, bool accumulate, const WinogradShape& s, int64_t first,
                       int64_t last) {
  const int64_t K = paddedOutputs(s), stride = sumStride(s);
  for (int64_t c = first; c < last; c++) {
    for (int64_t k = 0; k < s.outputs; k += kWidth) {
      Vec half[R][6];
      for (int q = 0; q < 6; q++) {
        Vec m[6], t[R];
        CNNATIVE_UNROLL
        for (int p = 0; p < 6; p++) {
          const float* from = sums + (p * 6 + q) * stride + (c - first) * K + k;
          prefetch<false>(from + kSumsAhead);
          m[p] = load(from) * splat(kScales.at[p][q]);
        }
        fromPoints(m, t);
        for (int r = 0; r < R; r++) half[r][q] = t[r];
      }
      const int64_t left = s.outputs - k;
      for (int r = 0; r < R; r++) {
        Vec t[R];
        fromPoints(half[r], t);
        for (int q = 0; q < R; q++) {
          storeSum(dw + ((r * R + q) * s.inputs + c) * s.outputs + k, t[q], left, accumulate);
        }
      }
    }
  }
}

// d[column][tile][sample][width] = the points of the gradients of so many tiles, from pixels put side by side.
template <int R>
static void gradientsToPoints(float* d, int64_t stride, const float* dy, const WinogradShape& s, int64_t firstTile,
                              int64_t tiles, float* pixels) {
  const int64_t plane = s.outputHeight * s.outputWidth * kLanes, across = tilesAcross(s);
  for (int64_t k = 0; k < s.outputs; k += kLanes) {
    const Column column = columnAt(k, paddedOutputs(s), tiles * kLanes);
    for (int64_t t = 0; t < tiles; t++) {
      const int64_t tile = firstTile + t;
      transposeGradients<R>(pixels, dy + k * plane, s.outputs - k, tile / across * kSide<R>, tile % across * kSide<R>,
                            s);
      for (int64_t l = 0; l < kLanes; l++) {
        for (int64_t i = 0; i < kLanes; i += kWidth) {
          gradientToPoints<R>(d + column.offset + (t * kLanes + l) * column.stride + i, stride, pixels + l * kLanes + i,
                              kLanes * kLanes);
        }
      }
    }
  }
}

template <int R>
static void weightGradientOf(float* dw, const float* dy, const float* x, bool accumulate, const WinogradShape& s,
                             int64_t first, int64_t last, float* scratch) {
  const int64_t across = tilesAcross(s), all = tilesOf(s), most = sumChannels(s), plane = s.height * s.width * kLanes;
  const int64_t K = paddedOutputs(s), vStride = pointStride(most, kGradientTiles);
  const int64_t dStride = pointStride(K, kGradientTiles), sStride = sumStride(s);
  float* sums = scratch;
  float* v = sums + kPoints * sStride;
  float* d = v + kPoints * vStride;
  float* pixels = d + kPoints * dStride;
  for (int64_t start = 0; start < all; start += kGradientTiles) {
    const int64_t next = start + kGradientTiles, tiles = all < next ? all - start : kGradientTiles;
    const int64_t nextTiles = all - next < kGradientTiles ? all - next : kGradientTiles;
    gradientsToPoints<R>(d, dStride, dy, s, start, tiles, pixels);
    for (int64_t channel = first; channel < last; channel += most) {
      const int64_t C = last - channel < most ? last - channel : most;
      const float* from = x + channel * plane;
      tilesToPoints<R>(v, vStride, from, C, s, start, tiles);
      for (int p = 0; p < kPoints; p++) {
        prefetchTiles<R>(from, C, s.height, s.width, next, nextTiles, across, R - 1 - s.padTop, R - 1 - s.padLeft, p);
        prefetchTiles<R>(dy, s.outputs, s.outputHeight, s.outputWidth, next, nextTiles, across, 0, 0, p);
        addProducts(sums + p * sStride, {v + p * vStride, C * kLanes, kLanes, 0},
                    {d + p * dStride, kColumn * tiles * kLanes}, C, K, 1, tiles, start == 0);
      }
      if (next >= all) sumsToTaps<R>(dw, sums, accumulate, s, channel, channel + C);
    }
  }
}

static void weightGradient(float* dw, const float* dy, const float* x, bool accumulate, const WinogradShape& s,
                           int64_t first, int64_t last, float* scratch) {
  withKernel(s.kernel,
             [&](auto kernel) { weightGradientOf<kernel()>(dw, dy, x, accumulate, s, first, last, scratch); });
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
