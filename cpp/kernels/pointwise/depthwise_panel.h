// The panel of a pointwise convolution, filled by the depthwise convolution before it.
#pragma once

#include "kernels/pointwise/pointwise.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// The most pixels of a panel.
static constexpr int64_t kMostPanelPixels = 24;

// Taps first..last of an axis lie in the image; the first of all would be at input position `start`.
struct Reach {
  int64_t start, first, last;
};

static inline Reach reachOf(const Axis& a, int64_t output) {
  const int64_t start = output * a.down + a.offset;
  Reach r = {start, 0, a.taps};
  const auto inside = [&](int64_t tap) { return start + tap * a.step >= 0 && start + tap * a.step < a.in; };
  while (r.first < r.last && !inside(r.first)) r.first++;
  while (r.last > r.first && !inside(r.last - 1)) r.last--;
  return r;
}

// One pixel of a channel; w are its taps.
static CNNATIVE_INLINE void depthwisePixel(float* to, const float* x, const float* w, Vec start, const Reach& row,
                                           const Reach& column, const Axis& rows, const Axis& columns, bool relu) {
  for (int v = 0; v < kLanes; v += kWidth) {
    Vec sum = start;
    for (int64_t r = row.first; r < row.last; r++) {
      const float* line = x + (row.start + r * rows.step) * columns.in * kLanes + v;
      for (int64_t s = column.first; s < column.last; s++) {
        sum = fma(splat(w[r * columns.taps + s]), load(line + (column.start + s * columns.step) * kLanes), sum);
      }
    }
    store(to + v, relu ? max(zero(), sum) : sum);
  }
}

// PX neighbouring pixels of a row for 3x3, of so many rows of x: from the first that lies in the image on, and from the
// column of the first tap on. The first column, the last, or both may lie outside: zeros stand for them.
template <int PX, int Down>
static CNNATIVE_INLINE void depthwiseRun(float* to, const float* x, const float* w, Vec start, int64_t rows,
                                         int64_t line, bool left, bool right, bool relu) {
  constexpr int kLast = (PX - 1) * Down + 2;
  for (int v = 0; v < kLanes; v += kWidth) {
    Vec sum[PX];
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) sum[p] = start;
    for (int64_t r = 0; r < rows; r++) {
      const float* from = x + r * line + v;
      Vec in[kLast + 1];
      in[0] = left ? zero() : load(from);
      CNNATIVE_UNROLL
      for (int i = 1; i < kLast; i++) in[i] = load(from + i * kLanes);
      in[kLast] = right ? zero() : load(from + kLast * kLanes);
      CNNATIVE_UNROLL
      for (int s = 0; s < 3; s++) {
        const Vec weight = splat(w[r * 3 + s]);
        CNNATIVE_UNROLL
        for (int p = 0; p < PX; p++) sum[p] = fma(weight, in[p * Down + s], sum[p]);
      }
    }
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) store(to + p * kLanes + v, relu ? max(zero(), sum[p]) : sum[p]);
  }
}

// Pixels of a panel side by side in a row.
struct Run {
  int64_t pixel, pixels;
  Reach row;
  int64_t column;  // of x, that the first tap of the first pixel meets
};

// One channel of a run, for 3x3 with at most one column outside on either side.
template <int Down>
static inline void depthwiseRow(float* to, const float* x, const float* w, Vec start, const Run& run,
                                const DepthwiseBefore<float>& d) {
  const int64_t line = d.column.in * kLanes, rows = run.row.last - run.row.first;
  const float* from = x + (run.row.start + run.row.first) * line;
  w += run.row.first * 3;
  int64_t p = 0;
  const auto pixels = [&](auto count) {
    for (; p + count() <= run.pixels; p += count()) {
      const int64_t column = run.column + p * Down, last = column + (count() - 1) * Down + 2;
      depthwiseRun<count(), Down>(to + p * kLanes, from + column * kLanes, w, start, rows, line, column < 0,
                                  last >= d.column.in, d.relu);
    }
  };
  if constexpr (kRegisters == 32) pixels(Size<8>{});
  pixels(Size<4>{});
  pixels(Size<1>{});
}

// panel[C][pixels][L] = act(depthwise(x) + bias) of so many output pixels from `pixel` on.
static inline void fillDepthwisePanel(float* panel, const float* x, const DepthwiseBefore<float>& d, int64_t channels,
                                      int64_t pixel, int64_t pixels) {
  const int64_t plane = d.row.in * d.column.in * kLanes, taps = d.row.taps * d.column.taps;
  Run runs[kMostPanelPixels];
  int64_t count = 0;
  for (int64_t p = 0; p < pixels; p += runs[count++].pixels) {
    const int64_t column = (pixel + p) % d.column.out;
    runs[count] = {p, smaller(pixels - p, d.column.out - column), reachOf(d.row, (pixel + p) / d.column.out),
                   column * d.column.down + d.column.offset};
  }
  const bool plain = d.row.taps == 3 && d.column.taps == 3 && d.row.step == 1 && d.column.step == 1 &&
                     d.column.offset >= -1 && (d.column.out - 1) * d.column.down + d.column.offset + 2 <= d.column.in;
  for (int64_t c = 0; c < channels; c++, x += plane, panel += pixels * kLanes) {
    const Vec start = d.bias ? splat(d.bias[c]) : zero();
    const float* w = d.w + c * taps;
    for (int64_t i = 0; i < count; i++) {
      const Run& run = runs[i];
      float* to = panel + run.pixel * kLanes;
      if (plain && d.column.down == 1) {
        depthwiseRow<1>(to, x, w, start, run, d);
      } else if (plain && d.column.down == 2) {
        depthwiseRow<2>(to, x, w, start, run, d);
      } else {
        for (int64_t p = 0; p < run.pixels; p++) {
          const Reach column = reachOf(d.column, (pixel + run.pixel + p) % d.column.out);
          depthwisePixel(to + p * kLanes, x, w, start, run.row, column, d.row, d.column, d.relu);
        }
      }
    }
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
