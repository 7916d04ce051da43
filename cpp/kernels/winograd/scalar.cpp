// Without vectors Winograd gains nothing over the definition: the scalar table is empty, and programs for scalar
// kernels use direct convolution.
#include "kernels/families.h"

namespace cnnative::scalar {

template <class T>
const WinogradKernels<T>& winogradKernels() {
  static const WinogradKernels<T> table = {};
  return table;
}
template const WinogradKernels<float>& winogradKernels();
template const WinogradKernels<double>& winogradKernels();

}  // namespace cnnative::scalar
