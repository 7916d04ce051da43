// Contract of the Winograd family: convolution with stride 1 of 3x3 and of 5x5 taps, as F(4x4, 3x3) and F(2x2, 5x5)
// forward and for the data gradient, and as F(3x3, 4x4) and F(5x5, 2x2) for the weight gradient, for one lane group.
// See README.md in this folder for the mathematics.
#pragma once

#include <cstdint>

#include "kernels/epilogue.h"
#include "kernels/lanes.h"

namespace cnnative {

/// y[K, OH, OW, L] from x[C, H, W, L]; rows and columns of padding before the image may be negative.
struct WinogradShape {
  int64_t kernel;                                    ///< taps of a row and of a column: 3 or 5
  int64_t inputs, outputs;                           ///< C, K
  int64_t height, width, outputHeight, outputWidth;  ///< of x and y
  int64_t padTop, padLeft;
};

/// Weights [outputs, inputs, kernel, kernel]; `swapped` for the data gradient: outputs and inputs swapped, taps
/// rotated.
struct WinogradWeightsShape {
  int64_t kernel, outputs, inputs;
  bool swapped;
};

/// Numbers of a 6x6 tile in the transformed domain.
static constexpr int64_t kWinogradPoints = 36;

/// Outputs of a side of a tile: with the taps they meet six inputs.
constexpr int64_t winogradSide(int64_t kernel) { return 7 - kernel; }

template <class T>
struct WinogradKernels {
  /// Transforms weights for `correlate`: kWinogradPoints * K * C elements, in the order of its tiles. Output channels
  /// first..last only.
  void (*weights)(T* u, const T* w, const WinogradWeightsShape& s, int64_t first, int64_t last);
  /// Elements of scratch that `correlate` needs.
  int64_t (*correlateScratch)(const WinogradShape& s);
  /// Parts of its work: tiles that are transformed together.
  int64_t (*correlateParts)(const WinogradShape& s);
  /// Parts first..last.
  void (*correlate)(T* y, const T* x, const T* u, const Epilogue<T>& e, const WinogradShape& s, int64_t first,
                    int64_t last, T* scratch);
  /// Elements of scratch that `weightGradient` needs.
  int64_t (*gradientScratch)(const WinogradShape& s);
  /// dw[kernel * kernel, C, K] (+)= the gradient of this group's samples: in the order `reduce.taps` reads. Input
  /// channels first..last only.
  void (*weightGradient)(T* dw, const T* dy, const T* x, bool accumulate, const WinogradShape& s, int64_t first,
                         int64_t last, T* scratch);
};

/// Transforming is split over threads at multiples of this many output channels.
static constexpr int64_t kWinogradBlock = 48;

}  // namespace cnnative
