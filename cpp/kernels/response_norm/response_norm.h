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

/// Elements of each plane that are visited channel by channel: what neighbours read again is in the cache then.
static constexpr int64_t kResponseStrip = 8 * kLanes;

template <class T>
struct ResponseNormKernels {
  /// y = x / base^beta for channels first..last, with base = k + alpha * sum of x^2 over the window.
  void (*forward)(T* y, const T* x, const ResponseNorm& shape, int64_t first, int64_t last);
  /// dx = dy / base^beta - 2 alpha beta x * sum of dy y / base over the channels whose windows hold this one.
  /// scratch[C, kResponseStrip].
  void (*backward)(T* dx, const T* dy, const T* x, const ResponseNorm& shape, int64_t first, int64_t last, T* scratch);
};

}  // namespace cnnative
