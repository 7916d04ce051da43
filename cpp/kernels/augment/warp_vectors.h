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

// Vectors of a row that are counted from one place between them.
inline constexpr int kRun = 2;

// Where a run of vectors is counted from: a whole part, exact, and the rest.
struct Origin {
  Vec whole, rest;
};

// Places along an axis: first + slope * i. Whole parts go apart, exactly: places far from zero would leave few bits for
// the way between two pixels.
class Line {
 public:
  CNNATIVE_INLINE explicit Line(double slope) : slope_(slope) {
    const double whole = __builtin_floor(slope + 0.5);
    float counts[kWidth];
    for (int v = 0; v < kRun; v++) {
      for (int i = 0; i < kWidth; i++) counts[i] = static_cast<float>(v * kWidth + i - kMiddle);
      counts_[v] = load(counts);
      whole_[v] = counts_[v] * splat(static_cast<float>(whole));
    }
    part_ = splat(static_cast<float>(slope - whole));
  }

  CNNATIVE_INLINE Origin origin(double first) const {
    const double middle = first + slope_ * kMiddle, whole = __builtin_floor(middle);
    return {splat(static_cast<float>(whole)), splat(static_cast<float>(middle - whole))};
  }

  CNNATIVE_INLINE Places at(const Origin& origin, int v) const {
    const Vec near = fma(part_, counts_[v], origin.rest), below = floor(near);
    return {below + (whole_[v] + origin.whole), near - below};
  }

 private:
  static constexpr int kMiddle = kRun * kWidth / 2;

  double slope_;
  Vec counts_[kRun], part_, whole_[kRun];
};

// NaN becomes 0: maps can be joined until their numbers are no longer finite.
CNNATIVE_INLINE Vec clamped(Vec v, Vec most) { return min(most, max(v, zero())); }

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

// Calls each(y, row, column, lanes) for the places that are read for every vector of pixels of a plane.
template <class Each>
CNNATIVE_INLINE void forEachPlace(const ImageSize& size, const PlaneMap& map, Each each) {
  const int64_t H = size.height, W = size.width;
  const Line columns(map.xx), rows(map.yx);
  const double middle = static_cast<double>(W - 1) / 2, centre = static_cast<double>(H - 1) / 2;
  for (int64_t r = 0; r < H; r++) {
    const double fromCentre = static_cast<double>(r) - centre;
    const double atX = map.xy * fromCentre + map.x0 + middle, atY = map.yy * fromCentre + map.y0 + centre;
    for (int64_t s = 0; s < W; s += kRun * kWidth) {
      const double from = static_cast<double>(s) - middle;
      const Origin row = rows.origin(map.yx * from + atY), column = columns.origin(map.xx * from + atX);
      CNNATIVE_UNROLL
      for (int v = 0; v < kRun; v++) {
        const int64_t begin = s + v * kWidth;
        if (begin < W) each(r * W + begin, rows.at(row, v), columns.at(column, v), smaller(W - begin, kWidth));
      }
    }
  }
}

// Places are numbers of single precision here, and reflections rare.
inline bool isForVectors(const ImageSize& size, Border border) {
  return border != Border::reflect && size.pixels() < int64_t(1) << 24;
}

CNNATIVE_INLINE void storeLanes(float* to, Vec v, int64_t lanes) {
  if (lanes == kWidth) {
    store(to, v);
  } else {
    storeFirst(to, v, lanes);
  }
}

inline void warpVectors(float* y, const float* x, const ImageSize& size, const PlaneMap& map, Border border,
                        const float* fill) {
  if (!isForVectors(size, border)) return warp(y, x, size, map, border, fill);
  const int64_t C = size.channels, P = size.pixels();
  forEachPlace(size, map, [&](int64_t at, const Places& row, const Places& column, int64_t lanes) {
    const Neighbours n = neighboursOf(row.before, column.before, size);
    for (int64_t c = 0; c < C; c++) {
      Vec p[4];
      CNNATIVE_UNROLL
      for (int i = 0; i < 4; i++) {
        p[i] = gather(x + c * P, n.at[i]);
        if (border == Border::fill) p[i] = select(n.beyond[i], splat(fill[c]), p[i]);
      }
      storeLanes(y + c * P + at, interpolated(p, row.part, column.part), lanes);
    }
  });
}

}  // namespace

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
