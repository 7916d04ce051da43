// Contract of the pointwise family: convolutions with a kernel of 1x1, which are products of matrices, for one lane
// group. See README.md in this folder.
#pragma once

#include <cstdint>

#include "kernels/epilogue.h"
#include "kernels/lanes.h"

namespace cnnative {

/// y[K, P, L] from x[C, H, W, L], P = OH * OW: output pixel (oy, ox) reads input pixel (oy * stride, ox * stride).
struct PointwiseShape {
  int64_t inputs, outputs;                           ///< C, K
  int64_t height, width, outputHeight, outputWidth;  ///< of x and y
  int64_t strideHeight, strideWidth;
};

template <class T>
struct PointwiseKernels {
  /// Parts of `correlate`: runs of pixels. Elements of scratch that each needs.
  int64_t (*correlateParts)(const PointwiseShape& s);
  int64_t (*correlateScratch)(const PointwiseShape& s);
  /// y = act(w x + bias + addend), parts first..last; w as `conv.pack` leaves it.
  void (*correlate)(T* y, const T* x, const T* w, const Epilogue<T>& e, const PointwiseShape& s, int64_t first,
                    int64_t last, T* scratch);
  /// Elements of scratch that `weightGradient` needs.
  int64_t (*gradientScratch)(const PointwiseShape& s);
  /// dw[K, C] (+)= the gradient of this group's samples; output channels first..last.
  void (*weightGradient)(T* dw, const T* dy, const T* x, bool accumulate, const PointwiseShape& s, int64_t first,
                         int64_t last, T* scratch);
};

}  // namespace cnnative
