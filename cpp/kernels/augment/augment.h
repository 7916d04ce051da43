// Contract of the augment family: arithmetic on the pixels of one sample, laid out as users store it. What only moves
// pixels (crops, flips) needs no arithmetic and is no kernel: operators/image_moves.h.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

/// Extents of a sample.
struct ImageSize {
  int64_t channels = 0, height = 0, width = 0;

  int64_t pixels() const { return height * width; }
  int64_t features() const { return channels * height * width; }
};

/// What lies beyond the edges of an image: `fill`, the nearest pixel, or the image mirrored about its outermost pixels.
enum class Border { fill, edge, reflect };

/// Where an output pixel (x, y) is read from: (xx x + xy y + x0, yx x + yy y + y0), counted from the image's centre.
struct PlaneMap {
  double xx = 1, xy = 0, x0 = 0, yx = 0, yy = 1, y0 = 0;
};

/// How warpBytes lays a plane out: each byte beside the one below it, from `kBeyond` rows and columns outside it on. A
/// place further out reads as one there does.
struct PairPlane {
  static constexpr int64_t kBeyond = 2;

  int64_t width, pairs;

  explicit PairPlane(const ImageSize& size)
      : width(size.width + 2 * kBeyond), pairs((size.height + 2 * kBeyond - 1) * width) {}
};

/// Bytes of scratch memory for warpBytes: the planes, and a row of what lies beyond.
inline int64_t warpScratch(const ImageSize& size) {
  return size.channels * PairPlane(size).pairs * int64_t(sizeof(uint16_t)) + size.width;
}

/// Samples of bytes and where each is read: what warpLanes resamples side by side. Spare lanes repeat another.
struct LaneMaps {
  const uint8_t* samples[kLanes];
  PlaneMap maps[kLanes];
};

/// The pairs of a group's planes are counted in single precision, which is exact so far.
static constexpr int64_t kMostPairs = int64_t(1) << 24;

/// Whether warpLanes is for such images. Its places are numbers of single precision, and reflections rare.
inline bool isForLanes(const ImageSize& size, Border border) {
  return border != Border::reflect && size.height <= 128 && size.width <= 128 &&
         size.channels <= kMostPairs / (kLanes * PairPlane(size).pairs);
}

/// Bytes of scratch memory for warpLanes.
inline int64_t warpLanesScratch(const ImageSize& size) { return kLanes * warpScratch(size); }

template <class T>
struct AugmentKernels {
  void (*fromBytes)(T* y, const uint8_t* x, int64_t n);
  /// y = a y + b, within least..most.
  void (*adjust)(T* y, T a, T b, T least, T most, int64_t n);
  /// y = a y + b x.
  void (*blend)(T* y, const T* x, T a, T b, int64_t n);
  /// y[C, H, W] = x at the places that the map says, interpolated between the four pixels around; fill[C].
  void (*warp)(T* y, const T* x, const ImageSize& size, const PlaneMap& map, Border border, const T* fill);
  /// The same of bytes; fill in their range.
  void (*warpBytes)(T* y, const uint8_t* x, const ImageSize& size, const PlaneMap& map, Border border, const T* fill,
                    void* scratch);
  /// y[C, H, W, lanes] = scale[c] * (the same of each lane's sample, by its own map) + shift[c], for images that
  /// isForLanes; fill in whole bytes.
  void (*warpLanes)(T* y, const LaneMaps& lanes, const ImageSize& size, Border border, const T* fill, const T* scale,
                    const T* shift, void* scratch);
};

}  // namespace cnnative
