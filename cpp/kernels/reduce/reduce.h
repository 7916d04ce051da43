// Contract of the reduction family. Every sum is taken in an order that depends on shapes alone.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

/// Weights of which the taps, at most kMostTaps, are outermost.
struct TapsShape {
  int64_t outputs, inputs, taps;  ///< K, C
};
static constexpr int64_t kMostTaps = 25;

template <class T>
struct ReduceKernels {
  /// y[i] = x[0][i] + x[1][i] + ... + x[blocks - 1][i], for i in first..last; `stride` elements between two x.
  void (*blocks)(T* y, const T* x, int64_t blocks, int64_t stride, int64_t first, int64_t last);
  /// y[K, C, taps] = x[0][taps, C, K] + ... + x[blocks - 1][taps, C, K], for input channels first..last.
  void (*taps)(T* y, const T* x, int64_t blocks, const TapsShape& s, int64_t first, int64_t last);
  /// Whether no number of `rows` rows is infinite or NaN; `stride` elements from one row to the next.
  bool (*finite)(const T* x, int64_t count, int64_t stride, int64_t rows);
  /// db[K] (+)= sum over pixels and lanes of dy[K, P, L].
  void (*bias)(T* db, const T* dy, bool accumulate, int64_t channels, int64_t pixels);
};

}  // namespace cnnative
