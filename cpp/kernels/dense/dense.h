// Contract of the dense family. The forward pass and the data gradient of a dense layer are correlations of a 1x1 image
// (see conv/conv.h); the weight gradient reduces over samples, so it has a kernel of its own.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

/// dw[K, C] = sum over samples of dy[n, K] * x[n, C], both stored in lane groups.
struct DenseGradientShape {
  int64_t groups;           ///< lane groups in the batch; absent samples of the last one must have dy = 0
  int64_t inputs, outputs;  ///< C, K
  int64_t xStride;          ///< elements from one group's x to the next
  int64_t dyStride;         ///< elements from one group's dy to the next
};

template <class T>
struct DenseKernels {
  /// Input features first..last (at most kDenseBlock of them), for all outputs.
  /// scratch: groups * kLanes * kDenseBlock elements.
  void (*weightGradient)(T* dw, const T* dy, const T* x, const DenseGradientShape& g, int64_t first, int64_t last,
                         T* scratch);
};

/// Input features one piece of work covers.
static constexpr int64_t kDenseBlock = 16;

}  // namespace cnnative
