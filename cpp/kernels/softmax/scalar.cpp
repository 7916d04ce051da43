#include "kernels/families.h"
#include "kernels/scalar_math.h"

namespace cnnative::scalar {

namespace {

template <class T>
T largest(const T* x, int64_t classes) {
  T top = x[0];
  for (int64_t k = 1; k < classes; k++) top = x[k * kLanes] > top ? x[k * kLanes] : top;
  return top;
}

template <class T>
void forward(T* y, const T* x, int64_t classes) {
  for (int l = 0; l < kLanes; l++, x++, y++) {
    const T top = largest(x, classes);
    double sum = 0;
    for (int64_t k = 0; k < classes; k++) {
      y[k * kLanes] = static_cast<T>(exponential(x[k * kLanes] - top));
      sum += static_cast<double>(y[k * kLanes]);
    }
    for (int64_t k = 0; k < classes; k++) y[k * kLanes] = static_cast<T>(y[k * kLanes] / sum);
  }
}

template <class T>
void backward(T* dx, const T* dy, const T* y, int64_t classes) {
  for (int l = 0; l < kLanes; l++, dx++, dy++, y++) {
    double dot = 0;
    for (int64_t k = 0; k < classes; k++) dot += static_cast<double>(dy[k * kLanes] * y[k * kLanes]);
    for (int64_t k = 0; k < classes; k++) dx[k * kLanes] = static_cast<T>(y[k * kLanes] * (dy[k * kLanes] - dot));
  }
}

template <class T>
void logForward(T* y, const T* x, int64_t classes) {
  for (int l = 0; l < kLanes; l++, x++, y++) {
    const T top = largest(x, classes);
    double sum = 0;
    for (int64_t k = 0; k < classes; k++) sum += exponential(x[k * kLanes] - top);
    const T less = static_cast<T>(logarithm(sum));
    for (int64_t k = 0; k < classes; k++) y[k * kLanes] = (x[k * kLanes] - top) - less;
  }
}

template <class T>
void logBackward(T* dx, const T* dy, const T* y, int64_t classes) {
  for (int l = 0; l < kLanes; l++, dx++, dy++, y++) {
    double sum = 0;
    for (int64_t k = 0; k < classes; k++) sum += static_cast<double>(dy[k * kLanes]);
    for (int64_t k = 0; k < classes; k++) {
      dx[k * kLanes] = static_cast<T>(dy[k * kLanes] - exponential(y[k * kLanes]) * sum);
    }
  }
}

template <class T>
void crossEntropy(T* loss, T* correct, T* dx, const T* x, const int32_t* labels, int64_t count, int64_t classes,
                  T scale) {
  for (int l = 0; l < kLanes; l++, x++) {
    if (l >= count) {
      loss[l] = correct[l] = T(0);
      for (int64_t k = 0; dx && k < classes; k++) dx[k * kLanes + l] = T(0);
      continue;
    }
    const T top = largest(x, classes);
    double sum = 0;
    int64_t best = 0;
    for (int64_t k = 0; k < classes; k++) {
      sum += exponential(x[k * kLanes] - top);
      if (x[k * kLanes] > x[best * kLanes]) best = k;
    }
    const T own = x[labels[l] * kLanes];
    loss[l] = static_cast<T>(logarithm(sum)) + (top - own);
    correct[l] = best == labels[l] ? T(1) : T(0);
    for (int64_t k = 0; dx && k < classes; k++) {
      const double p = exponential(x[k * kLanes] - top) / sum;
      dx[k * kLanes + l] = static_cast<T>(scale * (p - (k == labels[l] ? 1 : 0)));
    }
  }
}

}  // namespace

template <class T>
const SoftmaxKernels<T>& softmaxKernels() {
  static const SoftmaxKernels<T> table = {forward<T>, backward<T>, logForward<T>, logBackward<T>, crossEntropy<T>};
  return table;
}
template const SoftmaxKernels<float>& softmaxKernels();
template const SoftmaxKernels<double>& softmaxKernels();

}  // namespace cnnative::scalar
