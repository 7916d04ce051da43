// Contract of the optimizer family: elementwise updates of parameters.
#pragma once

#include <cstdint>

namespace cnnative {

template <class T>
struct OptimizerKernels {
  /// PyTorch's form of momentum: v = momentum * v + g; w -= rate * v.
  void (*momentum)(T* w, T* v, const T* g, int64_t n, T rate, T momentum);
  /// w -= rate * g.
  void (*sgd)(T* w, const T* g, int64_t n, T rate);
};

}  // namespace cnnative
