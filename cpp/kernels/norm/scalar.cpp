#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void moments(T* moments, const T* x, int64_t count, int64_t channels, int64_t pixels) {
  for (int64_t c = 0; c < channels; c++, x += pixels * kLanes, moments += 2) {
    double sum = 0, squares = 0;
    for (int64_t p = 0; p < pixels; p++) {
      for (int64_t l = 0; l < count; l++) sum += static_cast<double>(x[p * kLanes + l]);
    }
    const double mean = sum / static_cast<double>(count * pixels);
    for (int64_t p = 0; p < pixels; p++) {
      for (int64_t l = 0; l < count; l++) {
        const double deviation = static_cast<double>(x[p * kLanes + l]) - mean;
        squares += deviation * deviation;
      }
    }
    moments[0] = static_cast<T>(mean);
    moments[1] = static_cast<T>(squares);
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

// Whether the relu behind gives 0 for element i of channel c; NaN passes.
template <class T>
bool isClamped(const ReluBehind<T>& relu, const T* x, int64_t i, int64_t c) {
  if (relu.y) return relu.y[i] <= T(0);
  return relu.scale && x[i] * relu.scale[c] + relu.shift[c] <= T(0);
}

template <class T>
void gradientSums(T* sums, T* masked, const T* dy, const T* x, const ReluBehind<T>& relu, const T* mean,
                  int64_t channels, int64_t pixels) {
  const int64_t n = pixels * kLanes;
  for (int64_t c = 0; c < channels; c++) {
    double sum = 0, product = 0;
    for (int64_t i = c * n; i < (c + 1) * n; i++) {
      const T d = isClamped(relu, x, i, c) ? T(0) : dy[i];
      if (relu.y) masked[i] = d;
      sum += static_cast<double>(d);
      product += static_cast<double>(d * (x[i] - mean[c]));
    }
    sums[2 * c] = static_cast<T>(sum);
    sums[2 * c + 1] = static_cast<T>(product);
  }
}

template <class T>
void gradientApply(T* dx, const T* dy, const T* x, const T* a, const T* b, const T* c, const ReluBehind<T>& relu,
                   int64_t count, int64_t channels, int64_t pixels) {
  const int64_t n = pixels * kLanes;
  for (int64_t i = 0; i < channels * n; i++) {
    const int64_t k = i / n;
    const T d = isClamped(relu, x, i, k) ? T(0) : dy[i];
    dx[i] = i % kLanes < count ? d * a[k] + x[i] * b[k] + c[k] : T(0);
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
