// Contract of the normalisation family, for one lane group. P pixels of C channels; statistics are per channel, over
// pixels and the samples really there.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

template <class T>
struct NormKernels {
  /// moments[C, 2] = mean and sum of squared deviations from it, of the first `count` lanes of x[C, P, L].
  void (*moments)(T* moments, const T* x, int64_t count, int64_t channels, int64_t pixels);
  /// y[C, P, L] = act(x * scale[C] + shift[C] + addend): addend may be null, relu clamps at zero. y may be x.
  void (*apply)(T* y, const T* x, const T* addend, const T* scale, const T* shift, bool relu, int64_t channels,
                int64_t pixels);
  /// sums[C, 2] = sum of dy and of dy * (x - mean[C]). With y not null, the gradient of a relu whose result it is comes
  /// first: masked[C, P, L] = y > 0 ? dy : 0 is stored (it may be dy) and summed instead.
  void (*gradientSums)(T* sums, T* masked, const T* dy, const T* x, const T* y, const T* mean, int64_t channels,
                       int64_t pixels);
  /// dx[C, P, L] = dy * a[C] + x * b[C] + c[C]; lanes from `count` on get zeros. dx may be dy.
  void (*gradientApply)(T* dx, const T* dy, const T* x, const T* a, const T* b, const T* c, int64_t count,
                        int64_t channels, int64_t pixels);
};

}  // namespace cnnative
