// The band of a part: the rows of x that it reads, with a border of zeros.
#pragma once

#include "kernels/channels/channels.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Columns are sorted by their phase of the stride, so that neighbouring outputs always read neighbouring pixels:
// band[C / 16][row][phase][column][16].
struct Band {
  const float* data;
  int64_t block, row, phase;  // distances in floats
};

// Where the taps of a row begin, one after another from that of the first pixel. A division for each would take a
// twentieth of a 3x3 convolution.
class TapColumns {
 public:
  CNNATIVE_INLINE TapColumns(const Band& band, const ChannelAxis& a)
      : stride_(a.stride),
        phases_(a.dilation % a.stride),
        step_(phases_ * band.phase + a.dilation / a.stride * kLanes),
        wrap_(kLanes - a.stride * band.phase) {}

  CNNATIVE_INLINE int64_t offset() const { return offset_; }
  CNNATIVE_INLINE void next() {
    offset_ += step_;
    phase_ += phases_;
    if (phase_ < stride_) return;
    phase_ -= stride_;
    offset_ += wrap_;
  }

 private:
  int64_t stride_, phases_, step_, wrap_, offset_ = 0, phase_ = 0;
};

inline int64_t bandRows(const ChannelConvolution& c, int64_t rows) {
  return (rows - 1) * c.row.stride + (c.row.taps - 1) * c.row.dilation + 1;
}

inline int64_t bandColumns(const ChannelConvolution& c) {
  const ChannelAxis& a = c.column;
  return ((a.out - 1) * a.stride + (a.taps - 1) * a.dilation) / a.stride + 1;
}

// Whether every tap of every output lies in the image, and outputs read neighbouring pixels already.
inline bool isPlain(const ChannelConvolution& c) {
  const auto inside = [](const ChannelAxis& a) {
    return a.padding == 0 && (a.out - 1) * a.stride + (a.taps - 1) * a.dilation < a.in;
  };
  return c.column.stride == 1 && inside(c.row) && inside(c.column);
}

// Columns are apart by their rest of the stride; no tap reads more of them than these.
inline int64_t bandPhases(const ChannelConvolution& c) {
  const ChannelAxis& a = c.column;
  return smaller(a.stride, (a.taps - 1) * a.dilation + 1);
}

inline int64_t scratch(const ChannelConvolution& c, int64_t blocks) {
  return isPlain(c) ? 0 : blocks * bandRows(c, c.bandRows) * bandPhases(c) * bandColumns(c) * kLanes;
}

CNNATIVE_INLINE void copyPixel(float* to, const float* from) {
  for (int v = 0; v < kLanes; v += kWidth) store(to + v, load(from + v));
}

CNNATIVE_INLINE void clearPixel(float* to) {
  for (int v = 0; v < kLanes; v += kWidth) store(to + v, zero());
}

// The first multiple of the stride that is not below a distance, in strides.
inline int64_t strided(int64_t distance, int64_t stride) { return distance > 0 ? (distance + stride - 1) / stride : 0; }

// Blocks first..last of x, for output rows top..bottom.
inline Band bandOf(const float* x, const ChannelConvolution& c, int64_t top, int64_t bottom, int64_t first,
                   int64_t last, float* to) {
  const int64_t firstRow = top * c.row.stride - c.row.padding, plane = c.row.in * c.column.in * kLanes;
  if (isPlain(c)) return {x + first * plane + firstRow * c.column.in * kLanes, plane, c.column.in * kLanes, 0};
  const int64_t rows = bandRows(c, bottom - top), columns = bandColumns(c), phases = bandPhases(c);
  const Band band = {to, rows * phases * columns * kLanes, phases * columns * kLanes, columns * kLanes};
  for (int64_t b = first; b < last; b++) {
    for (int64_t r = 0; r < rows; r++) {
      const int64_t row = firstRow + r;
      const bool real = row >= 0 && row < c.row.in;
      const float* from = x + b * plane + row * c.column.in * kLanes;
      float* line = to + (b - first) * band.block + r * band.row;
      for (int64_t phase = 0; phase < phases; phase++, line += band.phase) {
        // Columns of the image from `lo` to `hi`, zeros around them.
        const int64_t before = c.column.padding - phase;
        const int64_t hi = real ? smaller(columns, strided(before + c.column.in, c.column.stride)) : 0;
        const int64_t lo = smaller(hi, strided(before, c.column.stride));
        const float* pixel = from + (lo * c.column.stride - before) * kLanes;
        int64_t j = 0;
        for (; j < lo; j++) clearPixel(line + j * kLanes);
        for (; j < hi; j++, pixel += c.column.stride * kLanes) copyPixel(line + j * kLanes, pixel);
        for (; j < columns; j++) clearPixel(line + j * kLanes);
      }
    }
  }
  return band;
}

}  // namespace

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
