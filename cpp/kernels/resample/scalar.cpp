#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
int64_t place(const Resample<T>& r, int64_t c, int64_t row, int64_t column) {
  return ((c * r.height + row) * r.width + column) * kLanes;
}

// Calls visit(channel, row, column) for every output, in the order of memory.
template <class T, class Visit>
void visitOutputs(const Resample<T>& r, const Visit& visit) {
  for (int64_t c = 0; c < r.channels; c++) {
    for (int64_t oy = 0; oy < r.outputHeight; oy++) {
      for (int64_t ox = 0; ox < r.outputWidth; ox++) visit(c, r.rows[oy], r.columns[ox]);
    }
  }
}

template <class T>
void clear(T* dx, const Resample<T>& r) {
  for (int64_t i = 0; i < r.channels * r.height * r.width * kLanes; i++) dx[i] = T(0);
}

template <class T>
void nearestForward(T* y, const T* x, const Resample<T>& r) {
  visitOutputs(r, [&](int64_t c, const Blend<T>& row, const Blend<T>& column) {
    const T* from = x + place(r, c, row.first, column.first);
    for (int l = 0; l < kLanes; l++) *y++ = from[l];
  });
}

template <class T>
void nearestBackward(T* dx, const T* dy, const Resample<T>& r) {
  clear(dx, r);
  visitOutputs(r, [&](int64_t c, const Blend<T>& row, const Blend<T>& column) {
    T* to = dx + place(r, c, row.first, column.first);
    for (int l = 0; l < kLanes; l++) to[l] += *dy++;
  });
}

template <class T>
void bilinearForward(T* y, const T* x, const Resample<T>& r) {
  const auto blend = [](T first, T second, T weight) { return (1 - weight) * first + weight * second; };
  visitOutputs(r, [&](int64_t c, const Blend<T>& row, const Blend<T>& column) {
    const auto across = [&](int64_t iy, int l) {
      return blend(x[place(r, c, iy, column.first) + l], x[place(r, c, iy, column.second) + l], column.weight);
    };
    for (int l = 0; l < kLanes; l++) *y++ = blend(across(row.first, l), across(row.second, l), row.weight);
  });
}

template <class T>
void bilinearBackward(T* dx, const T* dy, const Resample<T>& r) {
  clear(dx, r);
  visitOutputs(r, [&](int64_t c, const Blend<T>& row, const Blend<T>& column) {
    const auto give = [&](int64_t iy, T weight, T gradient, int l) {
      dx[place(r, c, iy, column.first) + l] += gradient * weight * (1 - column.weight);
      dx[place(r, c, iy, column.second) + l] += gradient * weight * column.weight;
    };
    for (int l = 0; l < kLanes; l++, dy++) {
      give(row.first, 1 - row.weight, *dy, l);
      give(row.second, row.weight, *dy, l);
    }
  });
}

}  // namespace

template <class T>
const ResampleKernels<T>& resampleKernels() {
  static const ResampleKernels<T> table = {nearestForward<T>, nearestBackward<T>, bilinearForward<T>,
                                           bilinearBackward<T>};
  return table;
}
template const ResampleKernels<float>& resampleKernels();
template const ResampleKernels<double>& resampleKernels();

}  // namespace cnnative::scalar
