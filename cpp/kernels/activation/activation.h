// Contract of the activation family: elementwise functions whose gradient follows from their result alone.
#pragma once

#include <cstdint>

namespace cnnative {

template <class T>
struct ActivationKernels {
  struct Function {
    /// y[i] = f(x[i]); y may be x.
    void (*forward)(T* y, const T* x, int64_t n);
    /// dx[i] = dy[i] * f'(x[i]), from y[i] = f(x[i]); dx may be dy.
    void (*backward)(T* dx, const T* dy, const T* y, int64_t n);
  };
  Function relu, sigmoid, tanh;
  /// y[i] = a[i] + b[i], clamped at zero with relu; y may be a or b.
  void (*add)(T* y, const T* a, const T* b, bool relu, int64_t n);
};

}  // namespace cnnative
