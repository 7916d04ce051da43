// The tiles of an image: taking them to their points, and asking for the memory of those that come next.
#pragma once

#include "kernels/winograd/points.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

struct Area {
  int64_t top, left, rows, columns;
};

// Asks for the part of an area that lies in the image. Inlined always: GCC drops calls of functions that only prefetch.
template <bool Write>
static CNNATIVE_INLINE void prefetchArea(const float* plane, const Area& a, int64_t height, int64_t width) {
  if (a.top >= 0 && a.left >= 0 && a.top + a.rows <= height && a.left + a.columns <= width) {
    // The compiler knows these extents.
    const float* line = plane + (a.top * width + a.left) * kLanes;
    CNNATIVE_UNROLL
    for (int64_t r = 0; r < a.rows; r++, line += width * kLanes) {
      CNNATIVE_UNROLL
      for (int64_t c = 0; c < a.columns; c++) prefetch<Write>(line + c * kLanes);
    }
    return;
  }
  const int64_t bottom = a.top + a.rows < height ? a.top + a.rows : height;
  const int64_t right = a.left + a.columns < width ? a.left + a.columns : width;
  for (int64_t row = a.top < 0 ? 0 : a.top; row < bottom; row++) {
    for (int64_t column = a.left < 0 ? 0 : a.left; column < right; column++) {
      prefetch<Write>(plane + (row * width + column) * kLanes);
    }
  }
}

// The lines that a patch does not share with the patch to its left.
template <int R>
static CNNATIVE_INLINE Area patchArea(int64_t top, int64_t left) {
  return {top, left + 6 - kSide<R>, 6, kSide<R>};
}

// Share p of 36 of the areas that tiles add in `channels` planes, to be read: spread over the products, which leave the
// memory idle. Without it transforms wait for memory twice as long as they work.
template <int R>
static CNNATIVE_INLINE void prefetchTiles(const float* plane, int64_t channels, int64_t height, int64_t width,
                                          int64_t firstTile, int64_t tiles, int64_t across, int64_t shiftDown,
                                          int64_t shiftRight, int p) {
  const int64_t pairs = channels * tiles;
  for (int64_t i = pairs * p / kPoints; i < pairs * (p + 1) / kPoints; i++) {
    const int64_t tile = firstTile + i % tiles;
    const Area area = {tile / across * kSide<R> + shiftDown, tile % across * kSide<R> + shiftRight, kSide<R>, kSide<R>};
    prefetchArea<false>(plane + i / tiles * height * width * kLanes, area, height, width);
  }
}

// Where planes are a power of two, many channels of a tile share few sets of the cache, and what was asked for during
// the products is gone before its turn. So the transforms ask again, so many channels ahead.
static constexpr int64_t kChannelsAhead = 2;

// Tiles beside each other, and all of them.
static int64_t tilesAcross(const WinogradShape& s) {
  const int64_t side = winogradSide(s.kernel);
  return (s.outputWidth + side - 1) / side;
}
static int64_t tilesOf(const WinogradShape& s) {
  const int64_t side = winogradSide(s.kernel);
  return tilesAcross(s) * ((s.outputHeight + side - 1) / side);
}

// v[tile][C] = the points of the patches of so many tiles, of C channels. Channel by channel: neighbouring tiles share
// rows, which then stream.
template <int R>
static void tilesToPoints(float* v, int64_t stride, const float* x, int64_t C, const WinogradShape& s,
                          int64_t firstTile, int64_t tiles) {
  const int64_t plane = s.height * s.width * kLanes, across = tilesAcross(s);
  for (int64_t c = 0; c < C; c++, x += plane) {
    for (int64_t t = 0; t < tiles; t++) {
      const int64_t tile = firstTile + t;
      const int64_t top = tile / across * kSide<R> - s.padTop, left = tile % across * kSide<R> - s.padLeft;
      if (c + kChannelsAhead < C) {
        prefetchArea<false>(x + kChannelsAhead * plane, patchArea<R>(top, left), s.height, s.width);
      }
      patchToPoints(v + (t * C + c) * kLanes, stride, x, top, left, s.height, s.width);
    }
  }
}

// Calls call(Size<R>) for a kernel of R x R taps.
template <class Call>
static CNNATIVE_INLINE void withKernel(int64_t kernel, Call call) {
  if (kernel == 3) {
    call(Size<3>{});
  } else {
    call(Size<5>{});
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
