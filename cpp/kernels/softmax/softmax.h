// Contract of the softmax family, over classes, for one lane group: [K, L].
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

template <class T>
struct SoftmaxKernels {
  /// y = exp(x - max) / sum. y may be x.
  void (*forward)(T* y, const T* x, int64_t classes);
  /// dx = y * (dy - sum over classes of dy * y). dx may be dy.
  void (*backward)(T* dx, const T* dy, const T* y, int64_t classes);
  /// y = x - max - log(sum exp(x - max)). y may be x.
  void (*logForward)(T* y, const T* x, int64_t classes);
  /// dx = dy - exp(y) * sum over classes of dy. dx may be dy.
  void (*logBackward)(T* dx, const T* dy, const T* y, int64_t classes);
  /// loss[L] = log(sum exp(x)) - x[label]; correct[L] = 1 where the label is the first largest class, else 0.
  /// dx, unless null, = scale * (softmax(x) - onehot(label)). Lanes from `count` on get zeros everywhere.
  void (*crossEntropy)(T* loss, T* correct, T* dx, const T* x, const int32_t* labels, int64_t count, int64_t classes,
                       T scale);
};

}  // namespace cnnative
