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
};

}  // namespace cnnative
