// Contract of the pooling family, for one lane group. Windows clip at the border: padded positions never win.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

struct Pool {
  int64_t channels, height, width, outputHeight, outputWidth;
  int64_t poolHeight, poolWidth, strideHeight, strideWidth, padTop, padLeft;
};

template <class T>
struct PoolKernels {
  /// y[C, OH, OW, L] = largest of the window; NaN where the window holds one.
  void (*maxForward)(T* y, const T* x, const Pool& p);
  /// dx[C, H, W, L]: each dy goes to the first of its window that equals y (PyTorch's rule for ties).
  void (*maxBackward)(T* dx, const T* dy, const T* x, const T* y, const Pool& p);
  /// y[C, OH, OW, L] = mean of the window's inputs; padded positions do not count.
  void (*averageForward)(T* y, const T* x, const Pool& p);
  /// dx[C, H, W, L]: each dy goes to its window's inputs in equal shares.
  void (*averageBackward)(T* dx, const T* dy, const Pool& p);
};

}  // namespace cnnative
