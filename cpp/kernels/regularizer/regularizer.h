// Contract of the regularizer family: what weights cost by their size, l1 * sum |w| + l2 * sum w^2.
#pragma once

#include <cstdint>

namespace cnnative {

template <class T>
struct RegularizerKernels {
  /// The penalty of n weights, summed in double.
  double (*penalty)(const T* w, int64_t n, T l1, T l2);
  /// g += l1 * sign(w) + 2 * l2 * w, where zero has the sign 0.
  void (*gradient)(T* g, const T* w, int64_t n, T l1, T l2);
};

}  // namespace cnnative
