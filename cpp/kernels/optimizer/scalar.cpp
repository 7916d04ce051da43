#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void momentum(T* w, T* v, const T* g, int64_t n, T rate, T momentum) {
  for (int64_t i = 0; i < n; i++) {
    v[i] = momentum * v[i] + g[i];
    w[i] -= rate * v[i];
  }
}

template <class T>
void sgd(T* w, const T* g, int64_t n, T rate) {
  for (int64_t i = 0; i < n; i++) w[i] -= rate * g[i];
}

}  // namespace

template <class T>
const OptimizerKernels<T>& optimizerKernels() {
  static const OptimizerKernels<T> table = {momentum<T>, sgd<T>};
  return table;
}
template const OptimizerKernels<float>& optimizerKernels();
template const OptimizerKernels<double>& optimizerKernels();

}  // namespace cnnative::scalar
