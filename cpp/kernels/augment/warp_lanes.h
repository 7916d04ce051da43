// Bilinear resampling of bytes by affine maps, a pixel of as many samples at once: each lane has its own map. Nothing
// is left to transpose or to normalise afterwards.
#pragma once

#include "kernels/augment/warp_bytes.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Coefficients of a vector of maps, places counted from the first pixel of the image.
class MapVectors {
 public:
  CNNATIVE_INLINE MapVectors(const PlaneMap* maps, const ImageSize& size) {
    const auto middle = static_cast<double>(size.width - 1) / 2, centre = static_cast<double>(size.height - 1) / 2;
    float v[6][kWidth];
    for (int i = 0; i < kWidth; i++) {
      const PlaneMap& m = maps[i];
      const double numbers[6] = {m.xx, m.xy, m.x0 + middle - m.xx * middle - m.xy * centre,
                                 m.yx, m.yy, m.y0 + centre - m.yx * middle - m.yy * centre};
      for (int k = 0; k < 6; k++) v[k][i] = static_cast<float>(numbers[k]);
    }
    xx_ = load(v[0]), xy_ = load(v[1]), x0_ = load(v[2]), yx_ = load(v[3]), yy_ = load(v[4]), y0_ = load(v[5]);
  }

  // Where a row of pixels begins.
  CNNATIVE_INLINE Vec columnOfRow(Vec r) const { return fma(xy_, r, x0_); }
  CNNATIVE_INLINE Vec rowOfRow(Vec r) const { return fma(yy_, r, y0_); }
  // And where the s-th pixel of it is read.
  CNNATIVE_INLINE Vec columnAt(Vec s, Vec begin) const { return fma(xx_, s, begin); }
  CNNATIVE_INLINE Vec rowAt(Vec s, Vec begin) const { return fma(yx_, s, begin); }

 private:
  Vec xx_, xy_, x0_, yx_, yy_, y0_;
};

// Places in a row that are found before any is read: a vector of them that is read back in pieces at once waits for its
// own store.
inline constexpr int64_t kStretch = 16;

struct Stretch {
  int32_t pairs[kStretch * kWidth];
  float down[kStretch * kWidth], right[kStretch * kWidth];
};

inline void warpLanes(float* y, const LaneMaps& lanes, const ImageSize& size, Border border, const float* fill,
                      const float* scale, const float* shift, void* scratch) {
  const int64_t C = size.channels, H = size.height, W = size.width, P = size.pixels();
  const PairPlane plane(size);
  const int64_t pairs = plane.pairs;
  auto* planes = static_cast<uint16_t*>(scratch);
  auto* beyond = reinterpret_cast<uint8_t*>(planes + kLanes * C * pairs);
  for (int64_t i = 0; i < kLanes * C; i++) {
    const int64_t c = i % C;
    layOutPairs(planes + i * pairs, lanes.samples[i / C] + c * P, size, border, static_cast<uint8_t>(fill[c]), beyond);
  }
  const PairFinder finder(size);
  const Vec one = splat(1.0f);
  Stretch found;
  for (int v = 0; v < kLanes; v += kWidth) {
    const MapVectors maps(lanes.maps + v, size);
    float starts[kWidth];
    for (int i = 0; i < kWidth; i++) {
      starts[i] = static_cast<float>((v + i) * C * pairs + PairFinder::origin(plane));
    }
    const Vec origin = load(starts);
    float* to = y + v;
    Vec r = zero();
    for (int64_t row = 0; row < H; row++, r = r + one) {
      const Vec rowBegin = maps.rowOfRow(r), columnBegin = maps.columnOfRow(r);
      Vec s = zero();
      for (int64_t column = 0; column < W; column += kStretch) {
        const int64_t n = smaller(W - column, kStretch) * kWidth;
        for (int64_t i = 0; i < n; i += kWidth, s = s + one) {
          const Vec atRow = maps.rowAt(s, rowBegin), atColumn = maps.columnAt(s, columnBegin);
          const Vec above = floor(atRow), left = floor(atColumn);
          storeIntegers(found.pairs + i, finder.pairAt(above, left, origin));
          store(found.down + i, atRow - above);
          store(found.right + i, atColumn - left);
        }
        for (int64_t c = 0; c < C; c++) {
          const Vec factor = splat(scale[c]), addend = splat(shift[c]);
          float* out = to + (c * P + row * W + column) * kLanes;
          for (int64_t i = 0; i < n; i += kWidth, out += kLanes) {
            const Vec down = load(found.down + i), right = load(found.right + i);
            const Vec pixel = interpolatedBytes(planes + c * pairs, found.pairs + i, down, right);
            store(out, fma(pixel, factor, addend));
          }
        }
      }
    }
  }
}

}  // namespace

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
