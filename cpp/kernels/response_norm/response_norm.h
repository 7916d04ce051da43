// Contract of local response normalisation, for one lane group: each value is divided by a power of the squares around
// it, at its pixel, in the channels of a window.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

/// x[C, P, L]; the window of channel c is c - before .. c + after, as far as there are such channels.
struct ResponseNorm {
  int64_t channels, pixels, before, after;
  double alpha;  ///< of each square: already divided by the size of the window
  double beta, k;
};

template <class T>
struct ResponseNormKernels {
  /// base[C, P, L] = k + alpha * sum of x^2 over the window and y = x / base^beta, for channels first..last. base may
  /// be null: not stored.
  void (*forward)(T* y, T* base, const T* x, const ResponseNorm& shape, int64_t first, int64_t last);
  /// dx = dy / base^beta - 2 alpha beta x * sum of dy y / base over the channels whose windows hold this one.
  void (*backward)(T* dx, const T* dy, const T* x, const T* y, const T* base, const ResponseNorm& shape, int64_t first,
                   int64_t last);
};

}  // namespace cnnative
