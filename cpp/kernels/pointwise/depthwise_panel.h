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
  while (r.first < r.last && start + r.first * a.step < 0) r.first++;
  while (r.last > r.first && start + (r.last - 1) * a.step >= a.in) r.last--;
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

// PX neighbouring pixels of a row, all of whose taps lie in the image: `x` is where the first pixel's first tap is.
// 3x3.
template <int PX>
static CNNATIVE_INLINE void depthwiseRun(float* to, const float* x, const float* w, Vec start, int64_t row,
                                         int64_t pixel, bool relu) {
  for (int v = 0; v < kLanes; v += kWidth) {
    Vec sum[PX];
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) sum[p] = start;
    CNNATIVE_UNROLL
    for (int t = 0; t < 9; t++) {
      const Vec weight = splat(w[t]);
      const float* from = x + t / 3 * row + t % 3 * kLanes + v;
      CNNATIVE_UNROLL
      for (int p = 0; p < PX; p++) sum[p] = fma(weight, load(from + p * pixel), sum[p]);
    }
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) store(to + p * kLanes + v, relu ? max(zero(), sum[p]) : sum[p]);
  }
}

// Pixels of a panel side by side in a row, all of whose taps lie in the image, or a single pixel at the border.
struct Run {
  int64_t pixel, pixels;
  Reach row, column;
  bool inside;
};

// Runs of so many output pixels from `pixel` on; gives their number.
static inline int64_t findRuns(Run* runs, const DepthwiseBefore<float>& d, int64_t pixel, int64_t pixels) {
  int64_t count = 0;
  for (int64_t p = 0; p < pixels; p++) {
    const int64_t x = (pixel + p) % d.column.out;
    const Reach row = reachOf(d.row, (pixel + p) / d.column.out), column = reachOf(d.column, x);
    const bool inside = d.row.taps == 3 && d.column.taps == 3 && d.column.step == 1 && row.last - row.first == 3 &&
                        column.last - column.first == 3;
    if (inside && count > 0 && x > 0 && runs[count - 1].inside) {
      runs[count - 1].pixels++;
    } else {
      runs[count++] = {p, 1, row, column, inside};
    }
  }
  return count;
}

// panel[C][pixels][L] = act(depthwise(x) + bias) of so many output pixels from `pixel` on.
static inline void fillDepthwisePanel(float* panel, const float* x, const DepthwiseBefore<float>& d, int64_t channels,
                                      int64_t pixel, int64_t pixels) {
  const int64_t plane = d.row.in * d.column.in * kLanes, taps = d.row.taps * d.column.taps;
  const int64_t step = d.column.down * kLanes, line = d.row.step * d.column.in * kLanes;
  Run runs[kMostPanelPixels];
  const int64_t count = findRuns(runs, d, pixel, pixels);
  for (int64_t c = 0; c < channels; c++, x += plane, panel += pixels * kLanes) {
    const Vec start = d.bias ? splat(d.bias[c]) : zero();
    const float* w = d.w + c * taps;
    for (int64_t i = 0; i < count; i++) {
      const Run& run = runs[i];
      float* to = panel + run.pixel * kLanes;
      if (!run.inside) {
        depthwisePixel(to, x, w, start, run.row, run.column, d.row, d.column, d.relu);
        continue;
      }
      const float* from = x + (run.row.start * d.column.in + run.column.start) * kLanes;
      int64_t p = 0;
      for (; p + 3 <= run.pixels; p += 3)
        depthwiseRun<3>(to + p * kLanes, from + p * step, w, start, line, step, d.relu);
      for (; p < run.pixels; p++) depthwiseRun<1>(to + p * kLanes, from + p * step, w, start, line, step, d.relu);
    }
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
