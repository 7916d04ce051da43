#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void moments(T* moments, const T* x, int64_t count, int64_t channels, int64_t pixels) {
  for (int64_t c = 0; c < channels; c++, x += pixels * kLanes, moments += 2) {
    T sum = 0, squares = 0;
    for (int64_t p = 0; p < pixels; p++) {
      for (int64_t l = 0; l < count; l++) sum += x[p * kLanes + l];
    }
    const T mean = sum / static_cast<T>(count * pixels);
    for (int64_t p = 0; p < pixels; p++) {
      for (int64_t l = 0; l < count; l++) squares += (x[p * kLanes + l] - mean) * (x[p * kLanes + l] - mean);
    }
    moments[0] = mean;
    moments[1] = squares;
  }
}

template <class T>
void apply(T* y, const T* x, const T* addend, const T* scale, const T* shift, bool relu, int64_t channels,
           int64_t pixels) {
  const int64_t n = pixels * kLanes;
  for (int64_t i = 0; i < channels * n; i++) {
    T v = x[i] * scale[i / n] + shift[i / n];
    if (addend) v += addend[i];
    y[i] = relu && v < T(0) ? T(0) : v;
  }
}

template <class T>
void gradientSums(T* sums, T* masked, const T* dy, const T* x, const T* y, const T* mean, int64_t channels,
                  int64_t pixels) {
  const int64_t n = pixels * kLanes;
  for (int64_t c = 0; c < channels; c++) {
    T sum = 0, product = 0;
    for (int64_t i = c * n; i < (c + 1) * n; i++) {
      const T d = y && y[i] <= T(0) ? T(0) : dy[i];
      if (y) masked[i] = d;
      sum += d;
      product += d * (x[i] - mean[c]);
    }
    sums[2 * c] = sum;
    sums[2 * c + 1] = product;
  }
}

template <class T>
void gradientApply(T* dx, const T* dy, const T* x, const T* a, const T* b, const T* c, int64_t count, int64_t channels,
                   int64_t pixels) {
  const int64_t n = pixels * kLanes;
  for (int64_t i = 0; i < channels * n; i++) {
    const int64_t k = i / n;
    dx[i] = i % kLanes < count ? dy[i] * a[k] + x[i] * b[k] + c[k] : T(0);
  }
}

}  // namespace

template <class T>
const NormKernels<T>& normKernels() {
  static const NormKernels<T> table = {moments<T>, apply<T>, gradientSums<T>, gradientApply<T>};
  return table;
}
template const NormKernels<float>& normKernels();
template const NormKernels<double>& normKernels();

}  // namespace cnnative::scalar
