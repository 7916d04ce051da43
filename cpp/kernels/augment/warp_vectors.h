// Bilinear resampling by an affine map, a vector of pixels of a row at once.
#pragma once

#include "kernels/augment/warp.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Places along one axis: the pixel before each, and the way from there.
struct Places {
  Vec before, part;
};

// first + slope * i for the lanes i. Whole parts go apart, exactly: places far from zero would leave few bits for the
// way between two pixels.
CNNATIVE_INLINE Places placesFrom(double first, double slope, Vec fromMiddle) {
  constexpr int kMiddle = kWidth / 2;
  const double middle = first + slope * kMiddle;
  const auto whole = static_cast<double>(floorOf(middle)), steps = static_cast<double>(floorOf(slope + 0.5));
  const Vec near = fma(splat(static_cast<float>(slope - steps)), fromMiddle, splat(static_cast<float>(middle - whole)));
  const Vec below = floor(near);
  const Vec exact = fma(splat(static_cast<float>(steps)), fromMiddle, splat(static_cast<float>(whole)));
  return {below + exact, near - below};
}

CNNATIVE_INLINE Vec clamped(Vec v, Vec most) { return min(most, max(zero(), v)); }

// Zero where v lies beyond 0..most.
CNNATIVE_INLINE Mask beyond(Vec v, Vec most) { return greater(zero(), v) | greater(v, most); }

struct Neighbours {
  Vec at[4];       ///< upper left, upper right, lower left, lower right
  Mask beyond[4];  ///< where there is no such pixel
};

CNNATIVE_INLINE Neighbours neighboursOf(Vec row, Vec column, const ImageSize& size) {
  const Vec lastRow = splat(static_cast<float>(size.height - 1)),
            lastColumn = splat(static_cast<float>(size.width - 1));
  const Vec width = splat(static_cast<float>(size.width)), one = splat(1.0f);
  const Vec rows[2] = {row, row + one}, columns[2] = {column, column + one};
  Neighbours n;
  CNNATIVE_UNROLL
  for (int i = 0; i < 4; i++) {
    const Vec r = rows[i / 2], c = columns[i % 2];
    n.at[i] = fma(clamped(r, lastRow), width, clamped(c, lastColumn));
    n.beyond[i] = beyond(r, lastRow) | beyond(c, lastColumn);
  }
  return n;
}

CNNATIVE_INLINE Vec interpolated(const Vec (&p)[4], Vec down, Vec right) {
  const Vec upper = fma(right, p[1] - p[0], p[0]), lower = fma(right, p[3] - p[2], p[2]);
  return fma(down, lower - upper, upper);
}

inline void warpVectors(float* y, const float* x, const ImageSize& size, const PlaneMap& map, Border border,
                        const float* fill) {
  // Places are numbers of single precision here, and reflections rare.
  constexpr int64_t kMostPixels = int64_t(1) << 24;
  const int64_t C = size.channels, H = size.height, W = size.width, P = H * W;
  if (border == Border::reflect || P >= kMostPixels) return warp(y, x, size, map, border, fill);
  constexpr int kMiddle = kWidth / 2;
  float lanes[kWidth];
  for (int i = 0; i < kWidth; i++) lanes[i] = static_cast<float>(i - kMiddle);
  const Vec fromMiddle = load(lanes);
  const double middle = static_cast<double>(W - 1) / 2, centre = static_cast<double>(H - 1) / 2;
  for (int64_t r = 0; r < H; r++) {
    const double fromCentre = static_cast<double>(r) - centre;
    const double atX = map.xy * fromCentre + map.x0 + middle, atY = map.yy * fromCentre + map.y0 + centre;
    for (int64_t s = 0; s < W; s += kWidth) {
      const double from = static_cast<double>(s) - middle;
      const Places column = placesFrom(map.xx * from + atX, map.xx, fromMiddle);
      const Places row = placesFrom(map.yx * from + atY, map.yx, fromMiddle);
      const Neighbours n = neighboursOf(row.before, column.before, size);
      float* to = y + r * W + s;
      for (int64_t c = 0; c < C; c++, to += P) {
        Vec p[4];
        CNNATIVE_UNROLL
        for (int i = 0; i < 4; i++) {
          p[i] = gather(x + c * P, n.at[i]);
          if (border == Border::fill) p[i] = select(n.beyond[i], splat(fill[c]), p[i]);
        }
        const Vec result = interpolated(p, row.part, column.part);
        if (W - s >= kWidth) {
          store(to, result);
        } else {
          storeFirst(to, result, W - s);
        }
      }
    }
  }
}

}  // namespace

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
