// Contract of the pointwise family: convolutions with a kernel of 1x1, which are products of matrices, for one lane
// group. See README.md in this folder.
#pragma once

#include <cstdint>

#include "kernels/conv/conv.h"
#include "kernels/epilogue.h"
#include "kernels/lanes.h"

namespace cnnative {

/// y[K, P, L] from x[C, H, W, L], P = OH * OW: output pixel (oy, ox) reads input pixel (oy * stride, ox * stride).
struct PointwiseShape {
  int64_t inputs, outputs;                           ///< C, K
  int64_t height, width, outputHeight, outputWidth;  ///< of x and y
  int64_t strideHeight, strideWidth;
};

/// A convolution of each channel for itself, act(w x + bias), whose results a pointwise one takes in as they are made.
template <class T>
struct DepthwiseBefore {
  Axis row, column;  ///< of x and of its results, up = 1
  const T* w;        ///< [C, R, S]
  const T* bias;     ///< [C] or null
  bool relu;
};

template <class T>
struct PointwiseKernels {
  /// Parts of `correlate`: runs of pixels, a panel each. Elements of scratch that it needs.
  int64_t (*correlateParts)(const PointwiseShape& s);
  int64_t (*correlateScratch)(const PointwiseShape& s);
  /// y = act(w x + bias + addend), parts first..last; w as `conv.pack` leaves it.
  void (*correlate)(T* y, const T* x, const T* w, const Epilogue<T>& e, const PointwiseShape& s, int64_t first,
                    int64_t last, T* scratch);
  /// The same behind a depthwise convolution: s is of its results, of stride 1, and x what it reads.
  void (*correlateSeparable)(T* y, const T* x, const DepthwiseBefore<T>& d, const T* w, const Epilogue<T>& e,
                             const PointwiseShape& s, int64_t first, int64_t last, T* scratch);
  /// Elements of scratch that `weightGradient` needs.
  int64_t (*gradientScratch)(const PointwiseShape& s);
  /// dw[K, C] (+)= the gradient of this group's samples; output channels first..last.
  void (*weightGradient)(T* dw, const T* dy, const T* x, bool accumulate, const PointwiseShape& s, int64_t first,
                         int64_t last, T* scratch);
};

}  // namespace cnnative
