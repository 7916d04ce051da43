#include <algorithm>
#include <cmath>

#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void forward(T* y, T* statistics, const T* x, const T* gamma, const T* beta, T epsilon, const GroupNorm& s) {
  const int64_t n = s.channels * s.pixels;
  for (int64_t g = 0; g < s.groups; g++, x += n * kLanes, y += n * kLanes, statistics += 2 * kLanes) {
    for (int l = 0; l < kLanes; l++) {
      double sum = 0, rest = 0, squares = 0;
      for (int64_t i = 0; i < n; i++) sum += static_cast<double>(x[i * kLanes + l]);
      const double near = sum / static_cast<double>(n);
      for (int64_t i = 0; i < n; i++) rest += static_cast<double>(x[i * kLanes + l]) - near;
      const double exact = near + rest / static_cast<double>(n);
      for (int64_t i = 0; i < n; i++) {
        const double deviation = static_cast<double>(x[i * kLanes + l]) - exact;
        squares += deviation * deviation;
      }
      const T mean = static_cast<T>(exact);
      const T inverse = T(1) / std::sqrt(static_cast<T>(squares / static_cast<double>(n)) + epsilon);
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
void sums(T* sums, T* dgamma, T* dbeta, const T* dy, const T* x, const T* statistics, const T* gamma, bool accumulate,
          const GroupNorm& s) {
  for (int64_t g = 0; g < s.groups; g++, sums += 2 * kLanes, statistics += 2 * kLanes) {
    std::fill_n(sums, 2 * kLanes, T(0));
    for (int64_t channel = g * s.channels; channel < (g + 1) * s.channels; channel++) {
      const T scale = gamma ? gamma[channel] : T(1);
      T beta = 0, own = 0;
      for (int64_t i = channel * s.pixels * kLanes; i < (channel + 1) * s.pixels * kLanes; i++) {
        const int64_t l = i % kLanes;
        const T deviation = x[i] - statistics[l];
        sums[l] += dy[i] * scale;
        sums[kLanes + l] += dy[i] * scale * deviation;
        beta += dy[i];
        own += dy[i] * (deviation * statistics[kLanes + l]);
      }
      if (dbeta) dbeta[channel] = accumulate ? dbeta[channel] + beta : beta;
      if (dgamma) dgamma[channel] = accumulate ? dgamma[channel] + own : own;
    }
  }
}

template <class T>
void backward(T* dx, const T* dy, const T* x, const T* statistics, const T* sums, const T* gamma, const GroupNorm& s) {
  const int64_t n = s.channels * s.pixels;
  for (int64_t g = 0; g < s.groups; g++, statistics += 2 * kLanes, sums += 2 * kLanes) {
    for (int64_t i = g * n * kLanes; i < (g + 1) * n * kLanes; i++) {
      const int64_t l = i % kLanes;
      const T inverse = statistics[kLanes + l], normal = (x[i] - statistics[l]) * inverse;
      const T d = gamma ? dy[i] * gamma[i / kLanes / s.pixels] : dy[i];
      dx[i] = inverse * (d - (sums[l] + normal * (sums[kLanes + l] * inverse)) / static_cast<T>(n));
    }
  }
}

}  // namespace

template <class T>
const GroupNormKernels<T>& groupNormKernels() {
  static const GroupNormKernels<T> table = {forward<T>, sums<T>, backward<T>};
  return table;
}
template const GroupNormKernels<float>& groupNormKernels();
template const GroupNormKernels<double>& groupNormKernels();

}  // namespace cnnative::scalar
