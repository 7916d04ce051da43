// Contract of the prelu family, for one lane group: x, y, dx, dy [C, P, L] with a slope[C] below zero.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

template <class T>
struct PreluKernels {
  /// y = x > 0 ? x : slope * x. y may be x.
  void (*forward)(T* y, const T* x, const T* slope, int64_t channels, int64_t pixels);
  /// dx = x > 0 ? dy : slope * dy. dx may be dy.
  void (*backward)(T* dx, const T* dy, const T* x, const T* slope, int64_t channels, int64_t pixels);
  /// dslope[C] = (accumulate ? dslope : 0) + sum over pixels and lanes of x > 0 ? 0 : dy * x.
  void (*slopeGradient)(T* dslope, const T* dy, const T* x, bool accumulate, int64_t channels, int64_t pixels);
};

}  // namespace cnnative
