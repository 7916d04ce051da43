// Contract of the loss family, for one lane group: x, t, dx [F, L]; loss, w [L].
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

/// Probabilities are kept this far from 0 (and from 1 where 1 - p is taken), as in Keras; the gradient beyond is zero.
static constexpr double kLeastProbability = 1e-7;

/// What a loss multiplies its sums by: `w` is the weight of each sample, 0 in absent lanes.
template <class T>
struct LossScales {
  const T* w;
  T loss;      ///< of the sum over elements
  T gradient;  ///< of each element's derivative
};

template <class T>
struct LossKernels {
  /// loss[L] = w * scales.loss * sum over features of f(x, t); dx, unless null, = w * scales.gradient * df/dx.
  /// `delta` is read by huber alone.
  using Elementwise = void (*)(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, T delta,
                               int64_t features);
  Elementwise squaredError;   ///< (x - t)^2
  Elementwise absoluteError;  ///< |x - t|; derivative 0 where equal
  Elementwise huber;          ///< d^2 / 2 up to |d| = delta, delta (|d| - delta / 2) beyond; d = x - t
  Elementwise hinge;          ///< max(0, 1 - t x)
  Elementwise logistic;       ///< max(x, 0) - x t + log(1 + e^-|x|): binary cross-entropy on logits
  Elementwise binary;         ///< -t log x - (1 - t) log(1 - x)
  Elementwise negativeLog;    ///< -t log x
  Elementwise divergence;     ///< t log(t / x); 0 where t = 0
  /// loss[L] = w * scales.loss * sum over classes of t (log(sum exp x) - x), and t log t more where `relative`;
  /// dx, unless null, = w * scales.gradient * (sum of t * softmax(x) - t).
  void (*crossEntropy)(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, bool relative,
                       int64_t classes);
};

}  // namespace cnnative
