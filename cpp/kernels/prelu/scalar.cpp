#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void forward(T* y, const T* x, const T* slope, int64_t channels, int64_t pixels) {
  const int64_t n = pixels * kLanes;
  for (int64_t c = 0; c < channels; c++, y += n, x += n) {
    for (int64_t i = 0; i < n; i++) y[i] = x[i] > T(0) ? x[i] : slope[c] * x[i];
  }
}

template <class T>
void backward(T* dx, const T* dy, const T* x, const T* slope, int64_t channels, int64_t pixels) {
  const int64_t n = pixels * kLanes;
  for (int64_t c = 0; c < channels; c++, dx += n, dy += n, x += n) {
    for (int64_t i = 0; i < n; i++) dx[i] = x[i] > T(0) ? dy[i] : slope[c] * dy[i];
  }
}

template <class T>
void slopeGradient(T* dslope, const T* dy, const T* x, bool accumulate, int64_t channels, int64_t pixels) {
  for (int64_t c = 0; c < channels; c++, dy += pixels * kLanes, x += pixels * kLanes) {
    T lane[kLanes] = {};
    for (int64_t p = 0; p < pixels; p++) {
      for (int l = 0; l < kLanes; l++) {
        const int64_t i = p * kLanes + l;
        lane[l] += x[i] > T(0) ? T(0) : dy[i] * x[i];
      }
    }
    T total = 0;
    for (int l = 0; l < kLanes; l++) total += lane[l];
    dslope[c] = accumulate ? dslope[c] + total : total;
  }
}

}  // namespace

template <class T>
const PreluKernels<T>& preluKernels() {
  static const PreluKernels<T> table = {forward<T>, backward<T>, slopeGradient<T>};
  return table;
}
template const PreluKernels<float>& preluKernels();
template const PreluKernels<double>& preluKernels();

}  // namespace cnnative::scalar
