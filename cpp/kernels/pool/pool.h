// Contract of the pooling family, for one lane group. Windows clip at the border: padded positions never win.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

/// What a window takes of one axis: positions first, first + step, ... below last, of which there is at least one.
struct PoolSpan {
  int64_t first, last;
  /// Positions a mean divides by: those taken, or padded ones too.
  int64_t counted;
};

struct Pool {
  int64_t channels, height, width, outputHeight, outputWidth;
  /// From one row of a window to its next, and from one column to the next.
  int64_t stepHeight, stepWidth;
  /// Of each output row and of each output column.
  const PoolSpan* rows;
  const PoolSpan* columns;
  /// Rows and columns of a window where all windows have as many, with steps of 1; otherwise 0.
  int64_t wholeHeight, wholeWidth;
  /// Whether no input lies in two windows, and whether each lies in one.
  bool disjoint, covered;
};

template <class T>
struct PoolKernels {
  /// y[C, OH, OW, L] = largest of the window; NaN where the window holds one.
  void (*maxForward)(T* y, const T* x, const Pool& p);
  /// dx[C, H, W, L]: each dy goes to the first of its window that equals y (PyTorch's rule for ties). With `relu`, x is
  /// the output of one, and dx the gradient before it: a dy where y is zero goes nowhere.
  void (*maxBackward)(T* dx, const T* dy, const T* x, const T* y, bool relu, const Pool& p);
  /// y[C, OH, OW, L] = sum of the window's inputs / positions counted.
  void (*averageForward)(T* y, const T* x, const Pool& p);
  /// dx[C, H, W, L]: each dy goes to its window's inputs in equal shares, dy / positions counted.
  void (*averageBackward)(T* dx, const T* dy, const Pool& p);
};

}  // namespace cnnative
