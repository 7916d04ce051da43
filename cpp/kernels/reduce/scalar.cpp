#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void blocks(T* y, const T* x, int64_t blocks, int64_t stride, int64_t first, int64_t last) {
  for (int64_t i = first; i < last; i++) {
    T total = x[i];
    for (int64_t b = 1; b < blocks; b++) total += x[b * stride + i];
    y[i] = total;
  }
}

template <class T>
void taps(T* y, const T* x, int64_t blocks, const TapsShape& s, int64_t first, int64_t last) {
  for (int64_t c = first; c < last; c++) {
    for (int64_t k = 0; k < s.outputs; k++) {
      for (int64_t t = 0; t < s.taps; t++) {
        T total = 0;
        for (int64_t b = 0; b < blocks; b++) total += x[((b * s.taps + t) * s.inputs + c) * s.outputs + k];
        y[(k * s.inputs + c) * s.taps + t] = total;
      }
    }
  }
}

template <class T>
bool finite(const T* x, int64_t count, int64_t stride, int64_t rows) {
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t i = 0; i < count; i++) {
      // Zero times a number is zero, unless that is infinite or NaN.
      if (x[row * stride + i] * T(0) != T(0)) return false;
    }
  }
  return true;
}

template <class T>
void bias(T* db, const T* dy, bool accumulate, int64_t channels, int64_t pixels) {
  for (int64_t k = 0; k < channels; k++, dy += pixels * kLanes) {
    double lane[kLanes] = {};
    for (int64_t p = 0; p < pixels; p++) {
      for (int l = 0; l < kLanes; l++) lane[l] += static_cast<double>(dy[p * kLanes + l]);
    }
    double sum = 0;
    for (int l = 0; l < kLanes; l++) sum += lane[l];
    const T total = static_cast<T>(sum);
    db[k] = accumulate ? db[k] + total : total;
  }
}

}  // namespace

template <class T>
const ReduceKernels<T>& reduceKernels() {
  static const ReduceKernels<T> table = {blocks<T>, taps<T>, finite<T>, bias<T>};
  return table;
}
template const ReduceKernels<float>& reduceKernels();
template const ReduceKernels<double>& reduceKernels();

}  // namespace cnnative::scalar
