// Contract of the data family: between samples as users store them and lane groups.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

template <class T>
struct DataKernels {
  /// y[C, P, L] = x[sample[l]][C, P] * scale[C] + shift[C] from uint8 samples of C * P pixels. Lanes from `count` on
  /// repeat the first sample: finite numbers, whose gradient the loss makes zero.
  void (*gatherBytes)(T* y, const uint8_t* x, const int32_t* samples, int64_t count, int64_t channels, int64_t pixels,
                      const T* scale, const T* shift);
  /// y[F, L] = x[sample[l]][F], with absent lanes as above.
  void (*gatherFloats)(T* y, const float* x, const int32_t* samples, int64_t count, int64_t features);
  void (*gatherDoubles)(T* y, const double* x, const int32_t* samples, int64_t count, int64_t features);
  /// y[l][F] = x[F, L] for the first `count` lanes.
  void (*scatter)(T* y, const T* x, int64_t count, int64_t features);
};

}  // namespace cnnative
