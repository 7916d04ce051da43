// Contract of the merge family: tensors of one shape brought together element by element. n is a multiple of kLanes; a
// result may be written over any operand.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

template <class T>
struct MergeKernels {
  /// y[i] = a[i] * b[i]
  void (*multiply)(T* y, const T* a, const T* b, int64_t n);
  /// y[i] = the larger of a[i] and b[i]; the first of equals, and NaN where either is.
  void (*maximum)(T* y, const T* a, const T* b, int64_t n);
  /// dx[i] = dy[i] where `maximum` took a[i], or with `second` where it took b[i]; 0 elsewhere.
  void (*maximumGradient)(T* dx, const T* dy, const T* a, const T* b, bool second, int64_t n);
  /// y[i] = x[i] * factor + offset
  void (*scale)(T* y, const T* x, T factor, T offset, int64_t n);
};

}  // namespace cnnative
