// Contract of the activation family: functions of each element alone.
#pragma once

#include <cstdint>

namespace cnnative {

template <class T>
struct ActivationKernels {
  struct Function {
    /// y[i] = f(x[i]); y may be x. `parameter` is the slope of leakyRelu and the alpha of elu; others have none.
    void (*forward)(T* y, const T* x, int64_t n, T parameter);
    /// dx[i] = dy[i] * f'(x[i]), from `known`: y[i] = f(x[i]) where the derivative follows from it, else x[i]. dx may
    /// be dy.
    void (*backward)(T* dx, const T* dy, const T* known, int64_t n, T parameter);
  };
  /// Their derivatives follow from y.
  Function relu, relu6, leakyRelu, elu, selu, hardSigmoid, sigmoid, tanh, softplus, softsign;
  /// Their derivatives need x.
  Function gelu, geluTanh, silu, mish, hardSwish;
  /// y[i] = a[i] + b[i], clamped at zero with relu; y may be a or b.
  void (*add)(T* y, const T* a, const T* b, bool relu, int64_t n);
};

}  // namespace cnnative
