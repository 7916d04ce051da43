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

static inline int64_t productsScratch(const WeightGradient& g) {
  return (g.row.taps * g.column.taps * g.inputs + g.column.out * kLanes) * kColumn;
}

// d[pixel][sample][width] of a row of output pixels, from dy[width of K][pixels]; zeros for channels that are missing.
static inline void transposeRow(float* d, const float* dy, int64_t channels, int64_t width, int64_t pixels,
                                int64_t plane) {
  for (int64_t k = 0; k < width; k += kLanes) {
    for (int64_t p = 0; p < pixels; p++) {
      const float* from = dy + k * plane + p * kLanes;
      transposeBlock(d + p * kLanes * width + k, width,
                     [&](int i, int v) { return k + i < channels ? load(from + i * plane + v * kWidth) : zero(); });
    }
  }
}

static inline void gradientByProducts(float* dw, const float* dy, const float* x, bool accumulate,
                                      const WeightGradient& g, int64_t first, int64_t last, float* scratch) {
  const int64_t C = g.inputs, R = g.row.taps, S = g.column.taps, pixels = g.column.out;
  const int64_t xPlane = g.row.in * g.column.in * kLanes, dyPlane = g.row.out * pixels * kLanes;
  float *sums = scratch, *d = sums + R * S * C * kColumn;
  for (int64_t k = first; k < last; k += kColumn) {
    const int64_t channels = smaller(last - k, kColumn), width = (channels + kLanes - 1) / kLanes * kLanes;
    for (int64_t i = 0; i < R * S * C * width; i += kWidth) store(sums + i, zero());
    for (int64_t oy = 0; oy < g.row.out; oy++) {
      transposeRow(d, dy + k * dyPlane + oy * pixels * kLanes, channels, width, pixels, dyPlane);
      for (int64_t r = 0; r < R; r++) {
        const int64_t iy = oy * g.row.down + r * g.row.step + g.row.offset;
        if (iy < 0 || iy >= g.row.in) continue;
        for (int64_t s = 0; s < S; s++) {
          const Span span = tapSpan(g.column, s);
          if (span.first >= span.last) continue;
          const int64_t ix = span.first * g.column.down + s * g.column.step + g.column.offset;
          const Scalars in = {x + (iy * g.column.in + ix) * kLanes, g.column.down * kLanes, xPlane, 0};
          addProducts(sums + (r * S + s) * C * width, in, d + span.first * kLanes * width, C, width,
                      span.last - span.first, false);
        }
      }
    }
    for (int64_t i = 0; i < channels; i++) {
      float* to = dw + (k + i) * C * R * S;
      for (int64_t c = 0; c < C; c++) {
        for (int64_t t = 0; t < R * S; t++, to++) {
          const float sum = sums[(t * C + c) * width + i];
          *to = accumulate ? *to + sum : sum;
        }
      }
    }
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
