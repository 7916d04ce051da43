// Contract of the normalisation family, for one lane group. P pixels of C channels; statistics are per channel, over
// pixels and the samples really there.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

/// A relu behind a normalisation, whose gradient comes first: where its result is not positive, dy counts as 0.
template <class T>
struct ReluBehind {
  const T* y;              ///< its result [C, P, L]; or null, and then
  const T *scale, *shift;  ///< [C] each, of which `apply` made it; or null where there is no relu
};

template <class T>
struct NormKernels {
  /// moments[C, 2] = mean and sum of squared deviations from it, of the first `count` lanes of x[C, P, L].
  void (*moments)(T* moments, const T* x, int64_t count, int64_t channels, int64_t pixels);
  /// y[C, P, L] = act(x * scale[C] + shift[C] + addend): addend may be null, relu clamps at zero. y may be x.
  void (*apply)(T* y, const T* x, const T* addend, const T* scale, const T* shift, bool relu, int64_t channels,
                int64_t pixels);
  /// sums[C, 2] = sum of dy and of dy * (x - mean[C]), behind the relu. With its result given, the gradient before it
  /// is stored too: masked[C, P, L], which may be dy.
  void (*gradientSums)(T* sums, T* masked, const T* dy, const T* x, const ReluBehind<T>& relu, const T* mean,
                       int64_t channels, int64_t pixels);
  /// dx[C, P, L] = dy * a[C] + x * b[C] + c[C], dy behind the relu whose scale and shift are given, if they are; lanes
  /// from `count` on get zeros. dx may be dy.
  void (*gradientApply)(T* dx, const T* dy, const T* x, const T* a, const T* b, const T* c, const ReluBehind<T>& relu,
                        int64_t count, int64_t channels, int64_t pixels);
};

}  // namespace cnnative
