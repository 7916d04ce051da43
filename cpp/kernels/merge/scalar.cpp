#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void multiply(T* y, const T* a, const T* b, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = a[i] * b[i];
}

template <class T>
bool takesSecond(T a, T b) {
  return (b > a || b != b) && a == a;
}

template <class T>
void maximum(T* y, const T* a, const T* b, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = takesSecond(a[i], b[i]) ? b[i] : a[i];
}

template <class T>
void maximumGradient(T* dx, const T* dy, const T* a, const T* b, bool second, int64_t n) {
  for (int64_t i = 0; i < n; i++) dx[i] = takesSecond(a[i], b[i]) == second ? dy[i] : T(0);
}

template <class T>
void scale(T* y, const T* x, T factor, T offset, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = x[i] * factor + offset;
}

}  // namespace

template <class T>
const MergeKernels<T>& mergeKernels() {
  static const MergeKernels<T> table = {multiply<T>, maximum<T>, maximumGradient<T>, scale<T>};
  return table;
}
template const MergeKernels<float>& mergeKernels();
template const MergeKernels<double>& mergeKernels();

}  // namespace cnnative::scalar
