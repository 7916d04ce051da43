#include <cmath>

#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void forward(T* y, T* statistics, const T* x, const T* gamma, const T* beta, T epsilon, const GroupNorm& s) {
  const int64_t n = s.channels * s.pixels;
  for (int64_t g = 0; g < s.groups; g++, x += n * kLanes, y += n * kLanes, statistics += 2 * kLanes) {
    for (int l = 0; l < kLanes; l++) {
      T sum = 0, rest = 0, squares = 0;
      for (int64_t i = 0; i < n; i++) sum += x[i * kLanes + l];
      const T near = sum / static_cast<T>(n);
      for (int64_t i = 0; i < n; i++) rest += x[i * kLanes + l] - near;
      const T mean = near + rest / static_cast<T>(n);
      for (int64_t i = 0; i < n; i++) squares += (x[i * kLanes + l] - mean) * (x[i * kLanes + l] - mean);
      const T inverse = T(1) / std::sqrt(squares / static_cast<T>(n) + epsilon);
      for (int64_t i = 0; i < n; i++) {
        const int64_t channel = g * s.channels + i / s.pixels;
        const T scale = gamma ? gamma[channel] : T(1), shift = beta ? beta[channel] : T(0);
        y[i * kLanes + l] = (x[i * kLanes + l] - mean) * inverse * scale + shift;
      }
      statistics[l] = mean;
      statistics[kLanes + l] = inverse;
    }
  }
}

template <class T>
void backward(T* dx, const T* dy, const T* x, const T* statistics, const T* gamma, const GroupNorm& s) {
  const int64_t n = s.channels * s.pixels;
  for (int64_t g = 0; g < s.groups; g++, statistics += 2 * kLanes) {
    for (int l = 0; l < kLanes; l++) {
      const T mean = statistics[l], inverse = statistics[kLanes + l];
      const auto at = [&](int64_t i) { return (g * n + i) * kLanes + l; };
      const auto scaleOf = [&](int64_t i) { return gamma ? gamma[g * s.channels + i / s.pixels] : T(1); };
      T sum = 0, product = 0;
      for (int64_t i = 0; i < n; i++) {
        const T d = dy[at(i)] * scaleOf(i);
        sum += d;
        product += d * ((x[at(i)] - mean) * inverse);
      }
      for (int64_t i = 0; i < n; i++) {
        const T normal = (x[at(i)] - mean) * inverse;
        dx[at(i)] = inverse * (dy[at(i)] * scaleOf(i) - (sum + normal * product) / static_cast<T>(n));
      }
    }
  }
}

template <class T>
void gammaGradient(T* dgamma, const T* dy, const T* x, const T* statistics, bool accumulate, const GroupNorm& s,
                   int64_t first, int64_t last) {
  for (int64_t channel = first; channel < last; channel++) {
    const T* own = statistics + channel / s.channels * 2 * kLanes;
    T total = 0;
    for (int64_t i = channel * s.pixels * kLanes; i < (channel + 1) * s.pixels * kLanes; i++) {
      total += dy[i] * ((x[i] - own[i % kLanes]) * own[kLanes + i % kLanes]);
    }
    dgamma[channel] = accumulate ? dgamma[channel] + total : total;
  }
}

}  // namespace

template <class T>
const GroupNormKernels<T>& groupNormKernels() {
  static const GroupNormKernels<T> table = {forward<T>, backward<T>, gammaGradient<T>};
  return table;
}
template const GroupNormKernels<float>& groupNormKernels();
template const GroupNormKernels<double>& groupNormKernels();

}  // namespace cnnative::scalar
