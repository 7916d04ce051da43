// Bilinear resampling by an affine map. Pixels cost their interpolation alone: no branch but that on the border.
#pragma once

#include "kernels/augment/border.h"

namespace cnnative {

// Unnamed, so that each instruction set keeps its own copy.
namespace {

inline int64_t floorOf(double v) {
  const auto i = static_cast<int64_t>(v);
  return i - (v < static_cast<double>(i) ? 1 : 0);
}

/// A pixel of which at least one of the four neighbours lies beyond an edge.
template <class T, class X>
void warpAtBorder(T* y, const X* x, const ImageSize& size, int64_t row, int64_t column, T down, T right, Border border,
                  const T* fill) {
  const int64_t H = size.height, W = size.width, P = H * W;
  for (int64_t c = 0; c < size.channels; c++) {
    const auto pixel = [&](int64_t r, int64_t s) {
      if (border == Border::fill && (r < 0 || r >= H || s < 0 || s >= W)) return fill[c];
      return static_cast<T>(x[c * P + positionWithin(r, H, border) * W + positionWithin(s, W, border)]);
    };
    const T a = pixel(row, column), b = pixel(row, column + 1);
    const T d = pixel(row + 1, column), e = pixel(row + 1, column + 1);
    const T upper = a + right * (b - a), lower = d + right * (e - d);
    y[c * P] = upper + down * (lower - upper);
  }
}

template <class T, class X>
void warp(T* y, const X* x, const ImageSize& size, const PlaneMap& map, Border border, const T* fill) {
  const int64_t C = size.channels, H = size.height, W = size.width, P = H * W;
  const double middle = static_cast<double>(W - 1) / 2, centre = static_cast<double>(H - 1) / 2;
  for (int64_t r = 0; r < H; r++) {
    const double fromCentre = static_cast<double>(r) - centre;
    const double atX = map.xy * fromCentre + map.x0 + middle, atY = map.yy * fromCentre + map.y0 + centre;
    for (int64_t s = 0; s < W; s++, y++) {
      const double fromMiddle = static_cast<double>(s) - middle;
      const double px = map.xx * fromMiddle + atX, py = map.yx * fromMiddle + atY;
      const int64_t column = floorOf(px), row = floorOf(py);
      const T right = static_cast<T>(px - static_cast<double>(column));
      const T down = static_cast<T>(py - static_cast<double>(row));
      // As unsigned numbers, negative positions are large.
      if (static_cast<uint64_t>(column) < static_cast<uint64_t>(W - 1) &&
          static_cast<uint64_t>(row) < static_cast<uint64_t>(H - 1)) {
        const X* from = x + row * W + column;
        for (int64_t c = 0; c < C; c++, from += P) {
          const T a = static_cast<T>(from[0]), b = static_cast<T>(from[1]);
          const T d = static_cast<T>(from[W]), e = static_cast<T>(from[W + 1]);
          const T upper = a + right * (b - a), lower = d + right * (e - d);
          y[c * P] = upper + down * (lower - upper);
        }
      } else {
        warpAtBorder(y, x, size, row, column, down, right, border, fill);
      }
    }
  }
}

}  // namespace

}  // namespace cnnative
