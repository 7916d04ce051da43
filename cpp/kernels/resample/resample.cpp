// Resampling with lanes over the batch, written once for every instruction set.
#include "kernels/families.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

using Between = Blend<float>;

// Calls visit(plane, output position, row, column) for every output, where plane is the first element of its channel.
template <class Visit>
CNNATIVE_INLINE void visitOutputs(const Resample<float>& r, const Visit& visit) {
  int64_t at = 0;
  for (int64_t c = 0; c < r.channels; c++) {
    const int64_t plane = c * r.height * r.width * kLanes;
    for (int64_t oy = 0; oy < r.outputHeight; oy++) {
      const Between row = r.rows[oy];
      for (int64_t ox = 0; ox < r.outputWidth; ox++, at += kLanes) visit(plane, at, row, r.columns[ox]);
    }
  }
}

CNNATIVE_INLINE int64_t place(const Resample<float>& r, int64_t row, int64_t column) {
  return (row * r.width + column) * kLanes;
}

CNNATIVE_INLINE Vec blend(Vec first, Vec second, float weight) {
  return fma(splat(weight), second, splat(1.0f - weight) * first);
}

CNNATIVE_INLINE void add(float* p, Vec a) { store(p, load(p) + a); }

void clear(float* dx, const Resample<float>& r) {
  const int64_t n = r.channels * r.height * r.width * kLanes;
  for (int64_t i = 0; i < n; i += kWidth) store(dx + i, zero());
}

void nearestForward(float* y, const float* x, const Resample<float>& r) {
  visitOutputs(r, [&](int64_t plane, int64_t at, const Between& row, const Between& column) {
    const float* from = x + plane + place(r, row.first, column.first);
    for (int v = 0; v < kLanes; v += kWidth) store(y + at + v, load(from + v));
  });
}

void nearestBackward(float* dx, const float* dy, const Resample<float>& r) {
  clear(dx, r);
  visitOutputs(r, [&](int64_t plane, int64_t at, const Between& row, const Between& column) {
    float* to = dx + plane + place(r, row.first, column.first);
    for (int v = 0; v < kLanes; v += kWidth) add(to + v, load(dy + at + v));
  });
}

void bilinearForward(float* y, const float* x, const Resample<float>& r) {
  visitOutputs(r, [&](int64_t plane, int64_t at, const Between& row, const Between& column) {
    const float* upper = x + plane + place(r, row.first, 0);
    const float* lower = x + plane + place(r, row.second, 0);
    const int64_t first = column.first * kLanes, second = column.second * kLanes;
    for (int v = 0; v < kLanes; v += kWidth) {
      const Vec above = blend(load(upper + first + v), load(upper + second + v), column.weight);
      const Vec below = blend(load(lower + first + v), load(lower + second + v), column.weight);
      store(y + at + v, blend(above, below, row.weight));
    }
  });
}

void bilinearBackward(float* dx, const float* dy, const Resample<float>& r) {
  clear(dx, r);
  visitOutputs(r, [&](int64_t plane, int64_t at, const Between& row, const Between& column) {
    float* upper = dx + plane + place(r, row.first, 0);
    float* lower = dx + plane + place(r, row.second, 0);
    const int64_t first = column.first * kLanes, second = column.second * kLanes;
    for (int v = 0; v < kLanes; v += kWidth) {
      const Vec gradient = load(dy + at + v);
      const Vec above = gradient * splat(1.0f - row.weight), below = gradient * splat(row.weight);
      // One after another: at the edges some of the four are one position.
      add(upper + first + v, above * splat(1.0f - column.weight));
      add(upper + second + v, above * splat(column.weight));
      add(lower + first + v, below * splat(1.0f - column.weight));
      add(lower + second + v, below * splat(column.weight));
    }
  });
}

}  // namespace

const ResampleKernels<float> resampleKernels = {nearestForward, nearestBackward, bilinearForward, bilinearBackward};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
