// Bilinear resampling of bytes by an affine map. The image is laid out so that the four bytes around any place, those
// beyond its edges included, lie side by side: one gathered word brings all four.
#pragma once

#include "kernels/augment/warp_vectors.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// y[row][column] = the byte at (row, column) and the one below it, as PairPlane says. `beyond` is a row of bytes to
// write to.
inline void layOutPairs(uint16_t* y, const uint8_t* x, const ImageSize& size, Border border, uint8_t fill,
                        uint8_t* beyond) {
  constexpr int64_t kBeyond = PairPlane::kBeyond;
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
    const auto lay = [&](int64_t from, int64_t count) {
#pragma omp simd
      for (int64_t s = from; s < from + count; s++) inner[s] = pairOf(upper[s], lower[s]);
    };
    if (W < kLanes) {
      lay(0, W);
    } else {
      // The last vector of a row may overlap the one before.
      for (int64_t s = 0; s < W; s += kLanes) lay(smaller(s, W - kLanes), kLanes);
    }
    y[0] = y[1] = filled ? pairOf(fill, fill) : inner[0];
    inner[W] = inner[W + 1] = filled ? pairOf(fill, fill) : inner[W - 1];
  }
}

// Reads planes that layOutPairs has laid out, at a vector of places: pixels interpolated between the four bytes around.
class PairReader {
 public:
  CNNATIVE_INLINE explicit PairReader(const ImageSize& size)
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

  static CNNATIVE_INLINE Vec read(const uint16_t* plane, Vec pair, Vec down, Vec right) {
    Vec around[4];
    gatherFourBytes(plane, pair, around);
    const Vec p[4] = {around[0], around[2], around[1], around[3]};
    return interpolated(p, down, right);
  }

 private:
  Vec lastRow_, lastColumn_, width_;
};

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
  const PairReader reader(size);
  const Vec origin = splat(static_cast<float>(PairReader::origin(plane)));
  forEachPlace(size, map, [&](int64_t at, const Places& row, const Places& column, int64_t lanes) {
    const Vec pair = reader.pairAt(row.before, column.before, origin);
    for (int64_t c = 0; c < C; c++) {
      storeLanes(y + c * P + at, PairReader::read(planes + c * pairs, pair, row.part, column.part), lanes);
    }
  });
}

}  // namespace

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
