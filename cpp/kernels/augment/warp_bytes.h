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
#pragma omp simd
    for (int64_t s = 0; s < W; s++) inner[s] = pairOf(upper[s], lower[s]);
    y[0] = y[1] = filled ? pairOf(fill, fill) : inner[0];
    inner[W] = inner[W + 1] = filled ? pairOf(fill, fill) : inner[W - 1];
  }
}

inline void warpBytes(float* y, const uint8_t* x, const ImageSize& size, const PlaneMap& map, Border border,
                      const float* fill, void* scratch) {
  const int64_t C = size.channels, H = size.height, W = size.width, P = size.pixels();
  bool whole = true;
  for (int64_t c = 0; c < C; c++) whole = whole && fill[c] == static_cast<float>(static_cast<uint8_t>(fill[c]));
  if (!isForVectors(size, border) || !whole) return warp(y, x, size, map, border, fill);
  constexpr int64_t kBeyond = PairPlane::kBeyond;
  const PairPlane plane(size);
  const int64_t width = plane.width, pairs = plane.pairs;
  auto* planes = static_cast<uint16_t*>(scratch);
  auto* beyond = reinterpret_cast<uint8_t*>(planes + C * pairs);
  for (int64_t c = 0; c < C; c++) {
    layOutPairs(planes + c * pairs, x + c * P, size, border, static_cast<uint8_t>(fill[c]), beyond);
  }
  const Vec first = splat(static_cast<float>(-kBeyond)), lastRow = splat(static_cast<float>(H)),
            lastColumn = splat(static_cast<float>(W)), wide = splat(static_cast<float>(width)),
            origin = splat(static_cast<float>(kBeyond * (width + 1)));
  forEachPlace(size, map, [&](int64_t at, const Places& row, const Places& column, int64_t lanes) {
    const Vec r = min(lastRow, max(first, row.before)), s = min(lastColumn, max(first, column.before));
    const Vec place = fma(r, wide, s + origin);
    for (int64_t c = 0; c < C; c++) {
      Vec around[4];
      gatherFourBytes(planes + c * pairs, place, around);
      const Vec p[4] = {around[0], around[2], around[1], around[3]};
      storeLanes(y + c * P + at, interpolated(p, row.part, column.part), lanes);
    }
  });
}

}  // namespace

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
