// Bilinear resampling of bytes by an affine map. The image is laid out so that the four bytes around any place, those
// beyond its edges included, lie side by side: one word brings all four.
#pragma once

#include "kernels/augment/warp_vectors.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// y[row][column] = the byte at (row, column) and the one below it, as PairPlane says. `beyond` is a row of bytes to
// write to.
inline void layOutPairs(uint16_t* y, const uint8_t* x, const ImageSize& size, Border border, uint8_t fill,
                        uint8_t* beyond) {
  constexpr int64_t kBeyond = PairPlane::kBeyond, kBytes = 16;
  const int64_t H = size.height, W = size.width;
  const bool filled = border == Border::fill;
  for (int64_t s = 0; s < W; s++) beyond[s] = fill;
  const auto rowAt = [&](int64_t r) {
    return filled && (r < 0 || r >= H) ? beyond : x + positionWithin(r, H, Border::edge) * W;
  };
  const auto pairOf = [](int upper, int lower) { return static_cast<uint16_t>(upper | lower << 8); };
  for (int64_t r = -kBeyond; r <= H; r++, y += W + 2 * kBeyond) {
    const uint8_t *upper = rowAt(r), *lower = rowAt(r + 1);
    uint16_t* inner = y + kBeyond;
    if (W < kBytes) {
      for (int64_t s = 0; s < W; s++) inner[s] = pairOf(upper[s], lower[s]);
    } else {
      // The last vector of a row may overlap the one before.
      for (int64_t s = 0; s < W; s += kBytes) {
        const int64_t from = smaller(s, W - kBytes);
        storeBytePairs(inner + from, upper + from, lower + from);
      }
    }
    y[0] = y[1] = filled ? pairOf(fill, fill) : inner[0];
    inner[W] = inner[W + 1] = filled ? pairOf(fill, fill) : inner[W - 1];
  }
}

// Finds the pair at a vector of places in planes that layOutPairs has laid out.
class PairFinder {
 public:
  CNNATIVE_INLINE explicit PairFinder(const ImageSize& size)
      : lastRow_(splat(static_cast<float>(size.height))),
        lastColumn_(splat(static_cast<float>(size.width))),
        width_(splat(static_cast<float>(PairPlane(size).width))) {}

  // Which pair of a plane lies at its first pixel.
  static CNNATIVE_INLINE int64_t origin(const PairPlane& plane) { return PairPlane::kBeyond * (plane.width + 1); }

  // The pair at a pixel, counted from `origin`: that of the first pixel.
  CNNATIVE_INLINE Vec pairAt(Vec row, Vec column, Vec origin) const {
    const Vec first = splat(static_cast<float>(-PairPlane::kBeyond));
    // In this order NaN becomes a place too: maps can be joined until their numbers are no longer finite.
    const Vec r = min(lastRow_, max(row, first)), s = min(lastColumn_, max(column, first));
    return fma(r, width_, s + origin);
  }

 private:
  Vec lastRow_, lastColumn_, width_;
};

// Pixels interpolated between the four bytes of a pair and the next, those at `pairs` in a plane.
CNNATIVE_INLINE Vec interpolatedBytes(const uint16_t* plane, const int32_t* pairs, Vec down, Vec right) {
  Vec bytes[4];
  gatherFourBytes(plane, pairs, bytes);
  const Vec p[4] = {bytes[0], bytes[2], bytes[1], bytes[3]};
  return interpolated(p, down, right);
}

inline void warpBytes(float* y, const uint8_t* x, const ImageSize& size, const PlaneMap& map, Border border,
                      const float* fill, void* scratch) {
  const int64_t C = size.channels, P = size.pixels();
  bool whole = true;
  for (int64_t c = 0; c < C; c++) whole = whole && fill[c] == static_cast<float>(static_cast<uint8_t>(fill[c]));
  if (!isForVectors(size, border) || PairPlane(size).pairs > kMostPairs || !whole)
    return warp(y, x, size, map, border, fill);
  const PairPlane plane(size);
  const int64_t pairs = plane.pairs;
  auto* planes = static_cast<uint16_t*>(scratch);
  auto* beyond = reinterpret_cast<uint8_t*>(planes + C * pairs);
  for (int64_t c = 0; c < C; c++) {
    layOutPairs(planes + c * pairs, x + c * P, size, border, static_cast<uint8_t>(fill[c]), beyond);
  }
  const PairFinder finder(size);
  const Vec origin = splat(static_cast<float>(PairFinder::origin(plane)));
  forEachPlace(size, map, [&](int64_t at, const Places& row, const Places& column, int64_t lanes) {
    int32_t found[kWidth];
    storeIntegers(found, finder.pairAt(row.before, column.before, origin));
    for (int64_t c = 0; c < C; c++) {
      storeLanes(y + c * P + at, interpolatedBytes(planes + c * pairs, found, row.part, column.part), lanes);
    }
  });
}

}  // namespace

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
