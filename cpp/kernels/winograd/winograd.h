// Contract of the Winograd family: 3x3 convolution with stride 1, as F(4x4, 3x3) forward and for the data gradient, and
// as F(3x3, 4x4) for the weight gradient, for one lane group. See README.md in this folder for the mathematics.
#pragma once

#include <cstdint>

#include "kernels/epilogue.h"
#include "kernels/lanes.h"

namespace cnnative {

/// y[K, OH, OW, L] from x[C, H, W, L]; rows and columns of padding before the image may be negative.
struct WinogradShape {
  int64_t inputs, outputs;                           ///< C, K
  int64_t height, width, outputHeight, outputWidth;  ///< of x and y
  int64_t padTop, padLeft;
};

/// Numbers of a 6x6 tile in the transformed domain.
static constexpr int64_t kWinogradPoints = 36;

template <class T>
struct WinogradKernels {
  /// Transforms weights [K, C, 3, 3] for `correlate`: kWinogradPoints * K * C elements, in the order of its tiles.
  /// `swapped` for the data gradient: K and C swapped, taps rotated. Output channels first..last only.
  void (*weights)(T* u, const T* w, int64_t outputs, int64_t inputs, bool swapped, int64_t first, int64_t last);
  /// Elements of scratch that `correlate` needs.
  int64_t (*correlateScratch)(const WinogradShape& s);
  /// Parts of its work: tiles that are transformed together.
  int64_t (*correlateParts)(const WinogradShape& s);
  /// Parts first..last.
  void (*correlate)(T* y, const T* x, const T* u, const Epilogue<T>& e, const WinogradShape& s, int64_t first,
                    int64_t last, T* scratch);
  /// Elements of scratch that `weightGradient` needs.
  int64_t (*gradientScratch)(const WinogradShape& s);
  /// dw[9, C, K] (+)= the gradient of this group's samples: in the order `reduce.taps` reads. Input channels
  /// first..last only.
  void (*weightGradient)(T* dw, const T* dy, const T* x, bool accumulate, const WinogradShape& s, int64_t first,
                         int64_t last, T* scratch);
};

/// Transforming is split over threads at multiples of this many output channels.
static constexpr int64_t kWinogradBlock = 48;

}  // namespace cnnative
