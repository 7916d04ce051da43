#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
double penalty(const T* w, int64_t n, T l1, T l2) {
  double sizes = 0, squares = 0;
  for (int64_t i = 0; i < n; i++) {
    const double value = w[i];
    sizes += value < 0 ? -value : value;
    squares += value * value;
  }
  return l1 * sizes + l2 * squares;
}

template <class T>
void gradient(T* g, const T* w, int64_t n, T l1, T l2) {
  for (int64_t i = 0; i < n; i++) {
    const T sign = w[i] > 0 ? l1 : w[i] < 0 ? -l1 : T(0);
    g[i] += sign + 2 * l2 * w[i];
  }
}

}  // namespace

template <class T>
const RegularizerKernels<T>& regularizerKernels() {
  static const RegularizerKernels<T> table = {penalty<T>, gradient<T>};
  return table;
}
template const RegularizerKernels<float>& regularizerKernels();
template const RegularizerKernels<double>& regularizerKernels();

}  // namespace cnnative::scalar
