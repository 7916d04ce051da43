#include "kernels/activation/scalar_functions.h"
#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <template <class> class F, class T>
void forward(T* y, const T* x, int64_t n, T parameter) {
  for (int64_t i = 0; i < n; i++) y[i] = F<T>::value(x[i], parameter);
}

template <template <class> class F, class T>
void backward(T* dx, const T* dy, const T* known, int64_t n, T parameter) {
  for (int64_t i = 0; i < n; i++) dx[i] = F<T>::gradient(dy[i], known[i], parameter);
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
  static const ActivationKernels<T> table = {
      {forward<Relu, T>, backward<Relu, T>},           {forward<Relu6, T>, backward<Relu6, T>},
      {forward<LeakyRelu, T>, backward<LeakyRelu, T>}, {forward<Elu, T>, backward<Elu, T>},
      {forward<Selu, T>, backward<Selu, T>},           {forward<HardSigmoid, T>, backward<HardSigmoid, T>},
      {forward<Sigmoid, T>, backward<Sigmoid, T>},     {forward<Tanh, T>, backward<Tanh, T>},
      {forward<Softplus, T>, backward<Softplus, T>},   {forward<Softsign, T>, backward<Softsign, T>},
      {forward<Gelu, T>, backward<Gelu, T>},           {forward<GeluTanh, T>, backward<GeluTanh, T>},
      {forward<Silu, T>, backward<Silu, T>},           {forward<Mish, T>, backward<Mish, T>},
      {forward<HardSwish, T>, backward<HardSwish, T>}, add<T>};
  return table;
}
template const ActivationKernels<float>& activationKernels();
template const ActivationKernels<double>& activationKernels();

}  // namespace cnnative::scalar
