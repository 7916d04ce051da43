// Contract of the dense family. Forward pass and data gradient are products of weights and one or two lane groups: with
// two, each weight that is read serves twice as many multiply-adds.
#pragma once

#include <cstdint>

#include "kernels/epilogue.h"
#include "kernels/lanes.h"

namespace cnnative {

/// y[g][K, L] = epilogue(w x[g][C, L]) for each lane group g.
struct DenseShape {
  int64_t inputs, outputs;  ///< C, K
  /// How w is stored: false, as ConvKernels::pack leaves it for images of one pixel; true, as [C, K], needing no
  /// packing.
  bool reductionMajor;
  int64_t groups;            ///< 1 or 2
  int64_t xStride, yStride;  ///< elements from one group's x or y to the next
};

/// dw[K, C] = sum over samples of dy[n, K] * x[n, C], both stored in lane groups.
struct DenseGradientShape {
  int64_t groups;           ///< lane groups in the batch; absent samples of the last one must have dy = 0
  int64_t inputs, outputs;  ///< C, K
  int64_t xStride;          ///< elements from one group's x to the next
  int64_t dyStride;         ///< elements from one group's dy to the next
};

template <class T>
struct DenseKernels {
  /// Outputs first..last, in multiples of kPackBlock (or the end). No sum depends on how outputs or groups are cut.
  void (*products)(T* y, const T* x, const T* w, const Epilogue<T>& e, const DenseShape& d, int64_t first,
                   int64_t last);
  /// Input features first..last (at most kDenseBlock of them), for all outputs.
  /// scratch: groups * kLanes * kDenseBlock elements.
  void (*weightGradient)(T* dw, const T* dy, const T* x, const DenseGradientShape& g, int64_t first, int64_t last,
                         T* scratch);
};

/// Input features one piece of work covers.
static constexpr int64_t kDenseBlock = 16;

}  // namespace cnnative
