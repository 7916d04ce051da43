// Contract of the resampling family: images enlarged, for one lane group. Both directions read one table an axis, so
// that they are each other's transpose whatever it says.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

/// Where an output position lies between two positions of the image: (1 - weight) * first + weight * second.
template <class T>
struct Blend {
  int64_t first, second;
  T weight;
};

template <class T>
struct Resample {
  int64_t channels, height, width, outputHeight, outputWidth;
  /// Of each output row and of each output column.
  const Blend<T>* rows;
  const Blend<T>* columns;
};

template <class T>
struct ResampleKernels {
  /// y[C, OH, OW, L] = x[C, first row, first column, L].
  void (*nearestForward)(T* y, const T* x, const Resample<T>& r);
  /// dx[C, H, W, L]: the sum of each dy whose y was taken from there.
  void (*nearestBackward)(T* dx, const T* dy, const Resample<T>& r);
  /// y[C, OH, OW, L] = rows blended of columns blended.
  void (*bilinearForward)(T* y, const T* x, const Resample<T>& r);
  /// dx[C, H, W, L]: each dy goes to the four positions it was blended of, by their weights.
  void (*bilinearBackward)(T* dx, const T* dy, const Resample<T>& r);
};

}  // namespace cnnative
