// Scalar programs compute single samples in lane groups like all others: this table is empty.
#include "kernels/families.h"

namespace cnnative::scalar {

template <class T>
const FlatKernels<T>& flatKernels() {
  static const FlatKernels<T> table = {};
  return table;
}
template const FlatKernels<float>& flatKernels();
template const FlatKernels<double>& flatKernels();

}  // namespace cnnative::scalar
