// Programs for scalar kernels use direct convolution: this table is empty.
#include "kernels/families.h"

namespace cnnative::scalar {

template <class T>
const PointwiseKernels<T>& pointwiseKernels() {
  static const PointwiseKernels<T> table = {};
  return table;
}
template const PointwiseKernels<float>& pointwiseKernels();
template const PointwiseKernels<double>& pointwiseKernels();

}  // namespace cnnative::scalar
