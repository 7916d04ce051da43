// The weight gradient of wide layers as sums of outer products: for each tap, inputs are scalars and gradients vectors
// of output channels, so nothing is added up across lanes and everything read again is in the first-level cache.
#pragma once

#include "kernels/conv/conv.h"
#include "kernels/conv/tap_span.h"
#include "kernels/outer_products.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// Fewer output channels leave lanes empty, fewer input channels register tiles.
static inline bool usesProducts(const WeightGradient& g) {
  return g.outputs >= kLanes && g.inputs >= 8 && g.row.out * g.column.out > 1;
}

// Rows of gradients that are transposed together and met by a tap in one go, for in short ones much of the time goes
// into bringing the sums of a tap from memory and back. Measured: only while they, and the rows of x that their taps
// meet, leave room in the second-level cache.
static inline int64_t bandRows(const WeightGradient& g) {
  constexpr int64_t kMostPixels = 64, kMostBytes = int64_t(256) << 10;
  const int64_t fitting = kMostBytes / (g.inputs * g.column.in * kLanes * 4);
  const int64_t step = g.row.step < 0 ? -g.row.step : g.row.step, reach = (g.row.taps - 1) * step + 1;
  const int64_t rows = (fitting - reach) / g.row.down + 1;
  return larger(1, smaller(smaller(kMostPixels / g.column.out, rows), g.row.out));
}

static inline int64_t productsScratch(const WeightGradient& g) {
  return (g.row.taps * g.column.taps * g.inputs + bandRows(g) * g.column.out * kLanes) * kColumn;
}

// d[pixel][sample][width] of a run of output pixels, from dy[width of K][pixels]; zeros for channels that are missing.
static inline void transposeRun(float* d, const float* dy, int64_t channels, int64_t width, int64_t pixels,
                                int64_t plane) {
  for (int64_t k = 0; k < width; k += kLanes) {
    for (int64_t p = 0; p < pixels; p++) {
      const float* from = dy + k * plane + p * kLanes;
      transposeBlock(d + p * kLanes * width + k, width,
                     [&](int i, int v) { return k + i < channels ? load(from + i * plane + v * kWidth) : zero(); });
    }
  }
}

// dw[channels][C][taps] (+)= sums[taps][C][width].
static inline void storeProducts(float* dw, const float* sums, int64_t channels, int64_t width, int64_t C, int64_t taps,
                                 bool accumulate) {
  const int64_t all = C * taps;
  float block[kLanes * kLanes];
  const float* rows[kLanes];
  for (int64_t first = 0; first < all; first += kLanes) {
    const int64_t count = smaller(kLanes, all - first);
    for (int64_t i = 0; i < count; i++) rows[i] = sums + ((first + i) % taps * C + (first + i) / taps) * width;
    for (int64_t k = 0; k < channels; k += kLanes) {
      transposeBlock(block, kLanes, [&](int i, int v) { return i < count ? load(rows[i] + k + v * kWidth) : zero(); });
      for (int64_t i = 0; i < smaller(kLanes, channels - k); i++) {
        for (int64_t v = 0; v < count; v += kWidth) {
          storeSum(dw + (k + i) * all + first + v, load(block + i * kLanes + v), count - v, accumulate);
        }
      }
    }
  }
}

// Whether no tap of an output position meets what this one will meet at the next.
static inline bool isNew(const Axis& a, int64_t tap) {
  const int64_t before = tap + a.down / a.step;
  return a.down % a.step != 0 || before < 0 || before >= a.taps;
}

static inline void gradientByProducts(float* dw, const float* dy, const float* x, bool accumulate,
                                      const WeightGradient& g, int64_t first, int64_t last, float* scratch) {
  const int64_t C = g.inputs, R = g.row.taps, S = g.column.taps, pixels = g.column.out;
  const int64_t xPlane = g.row.in * g.column.in * kLanes, dyPlane = g.row.out * pixels * kLanes;
  const int64_t band = bandRows(g);
  float *sums = scratch, *d = sums + R * S * C * kColumn;
  for (int64_t k = first; k < last; k += kColumn) {
    const int64_t channels = smaller(last - k, kColumn), width = (channels + kLanes - 1) / kLanes * kLanes;
    for (int64_t i = 0; i < R * S * C * width; i += kWidth) store(sums + i, zero());
    for (int64_t top = 0; top < g.row.out; top += band) {
      const int64_t bottom = smaller(top + band, g.row.out);
      transposeRun(d, dy + (k * g.row.out + top) * pixels * kLanes, channels, width, (bottom - top) * pixels, dyPlane);
      for (int64_t r = 0; r < R; r++) {
        const Span rows = tapSpan(g.row, r);
        const int64_t oy = larger(rows.first, top), lines = smaller(rows.last, bottom) - oy;
        if (lines <= 0) continue;
        const int64_t iy = oy * g.row.down + r * g.row.step + g.row.offset;
        for (int64_t s = 0; s < S; s++) {
          const Span span = tapSpan(g.column, s);
          if (span.first >= span.last) continue;
          const int64_t ix = span.first * g.column.down + s * g.column.step + g.column.offset;
          // Asked for meanwhile: the row of x below, unless another tap has met it.
          const int64_t line = g.row.down * g.column.in * kLanes;
          const bool meets = iy + g.row.down < g.row.in && isNew(g.row, r) && isNew(g.column, s);
          const Scalars in = {x + (iy * g.column.in + ix) * kLanes, g.column.down * kLanes, xPlane, meets ? line : 0,
                              line};
          const Vectors gradients = {d + ((oy - top) * pixels + span.first) * kLanes * width, 0,
                                     pixels * kLanes * width};
          addProducts(sums + (r * S + s) * C * width, in, gradients, C, width, lines, span.last - span.first, false);
        }
      }
    }
    storeProducts(dw + k * C * R * S, sums, channels, width, C, R * S, accumulate);
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
