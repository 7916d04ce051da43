#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void products(T* y, const T* x, const T* w, const Epilogue<T>& e, const DenseShape& d, int64_t first, int64_t last) {
  for (int64_t g = 0; g < d.groups; g++) {
    for (int64_t k = first; k < last; k++) {
      T sum[kLanes];
      for (int l = 0; l < kLanes; l++) sum[l] = e.bias ? e.bias[k] : T(0);
      for (int64_t c = 0; c < d.inputs; c++) {
        const T weight = d.reductionMajor ? w[c * d.outputs + k] : w[k * d.inputs + c];
        const T* in = x + g * d.xStride + c * kLanes;
        for (int l = 0; l < kLanes; l++) sum[l] += weight * in[l];
      }
      T* to = y + g * d.yStride + k * kLanes;
      for (int l = 0; l < kLanes; l++) to[l] = e.relu && sum[l] < T(0) ? T(0) : sum[l];
    }
  }
}

template <class T>
void weightGradient(T* dw, const T* dy, const T* x, const DenseGradientShape& g, int64_t first, int64_t last, T*) {
  for (int64_t o = 0; o < g.outputs; o++) {
    for (int64_t i = first; i < last; i++) {
      T sum[kLanes] = {};
      for (int64_t n = 0; n < g.groups; n++) {
        const T* d = dy + n * g.dyStride + o * kLanes;
        const T* in = x + n * g.xStride + i * kLanes;
        for (int l = 0; l < kLanes; l++) sum[l] += d[l] * in[l];
      }
      T total = 0;
      for (int l = 0; l < kLanes; l++) total += sum[l];
      dw[o * g.inputs + i] = total;
    }
  }
}

}  // namespace

template <class T>
const DenseKernels<T>& denseKernels() {
  static const DenseKernels<T> table = {products<T>, weightGradient<T>};
  return table;
}
template const DenseKernels<float>& denseKernels();
template const DenseKernels<double>& denseKernels();

}  // namespace cnnative::scalar
