#include "kernels/families.h"
#include "kernels/scalar_math.h"

namespace cnnative::scalar {

namespace {

template <class T>
void reluForward(T* y, const T* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = x[i] < T(0) ? T(0) : x[i];
}
template <class T>
void reluBackward(T* dx, const T* dy, const T* y, int64_t n) {
  for (int64_t i = 0; i < n; i++) dx[i] = y[i] <= T(0) ? T(0) : dy[i];
}

template <class T>
void sigmoidForward(T* y, const T* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = static_cast<T>(1 / (1 + exponential(-x[i])));
}
template <class T>
void sigmoidBackward(T* dx, const T* dy, const T* y, int64_t n) {
  for (int64_t i = 0; i < n; i++) dx[i] = dy[i] * (y[i] * (1 - y[i]));
}

template <class T>
void tanhForward(T* y, const T* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = static_cast<T>(hyperbolicTangent(x[i]));
}
template <class T>
void tanhBackward(T* dx, const T* dy, const T* y, int64_t n) {
  for (int64_t i = 0; i < n; i++) dx[i] = dy[i] * (1 - y[i] * y[i]);
}

template <class T>
void add(T* y, const T* a, const T* b, bool relu, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    const T sum = a[i] + b[i];
    y[i] = relu && sum < T(0) ? T(0) : sum;
  }
}

}  // namespace

template <class T>
const ActivationKernels<T>& activationKernels() {
  static const ActivationKernels<T> table = {{reluForward<T>, reluBackward<T>},
                                             {sigmoidForward<T>, sigmoidBackward<T>},
                                             {tanhForward<T>, tanhBackward<T>},
                                             add<T>};
  return table;
}
template const ActivationKernels<float>& activationKernels();
template const ActivationKernels<double>& activationKernels();

}  // namespace cnnative::scalar
