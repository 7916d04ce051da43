// Contract of the convolution family: what a kernel is given, for one lane group of 16 samples.
//
// One loop nest serves convolution, its data gradient and its transposed form. Along each axis an output position o and
// a tap t meet the input position
//
//     i = (o * down + t * step + offset) / up     where that is whole and 0 <= i < in.
//
//     convolution:    up = 1,      down = stride, step = dilation,  offset = -padding
//     data gradient:  up = stride, down = 1,      step = -dilation, offset = +padding   (and K, C swapped)
//
// Turned around, step = -dilation and offset = dilation * (taps - 1) - padding, it is the convolution with the kernel
// rotated by 180 degrees.
//
// See README.md in this folder for the mathematics and the register tiles.
#pragma once

#include <cstdint>

#include "kernels/epilogue.h"
#include "kernels/lanes.h"

namespace cnnative {

/// One axis, as in the formula above.
struct Axis {
  int64_t in, out, taps;
  int64_t down, up, step, offset;
};

/// The taps that an output position really meets: `count` of them, from `tap` on, the first at input position `input`.
struct TapRange {
  int32_t input, tap, count;
};

/// A run of output columns that share taps: column `output`, then every `Correlation::columnOutputStep`-th.
struct Segment {
  int32_t output, pixels;
  TapRange taps;
};

/// y[K, OH, OW, L] = epilogue(sum over C and taps of w[K, C, R, S] * x[C, H, W, L]), w as `pack` left it.
struct Correlation {
  int64_t inputs, outputs;  ///< C, K
  Axis row, column;
  const TapRange* rows;     ///< row.out of them
  const Segment* segments;  ///< the columns of one row
  int64_t segmentCount;
  int64_t rowTapStep, rowInputStep;        ///< from one valid tap to the next: in taps, in input rows
  int64_t columnTapStep, columnInputStep;  ///< the same for columns
  int64_t columnOutputStep;                ///< output columns between two pixels of a segment
  int64_t pixelInputStep;                  ///< input columns between two pixels of a segment
  /// The work is cut into parts: bands of output rows, so that the input of one stays in the cache for all output
  /// channels, and within each band, blocks of output channels.
  int64_t bandRows, bands, blockOutputs, blocks;
};

struct CorrelationPart {
  int64_t firstRow, lastRow, firstOutput, lastOutput;
};

CNNATIVE_INLINE CorrelationPart partOf(const Correlation& c, int64_t part) {
  const int64_t row = part / c.blocks * c.bandRows, output = part % c.blocks * c.blockOutputs;
  const int64_t lastRow = row + c.bandRows, lastOutput = output + c.blockOutputs;
  return {row, lastRow < c.row.out ? lastRow : c.row.out, output, lastOutput < c.outputs ? lastOutput : c.outputs};
}

/// dw[K, C, R, S] (+)= sum over samples and pixels of dy[K, OH, OW, L] * x[C, H, W, L].
struct WeightGradient {
  int64_t inputs, outputs;  ///< C, K
  Axis row, column;         ///< of the forward convolution, up = 1; step of any sign
};

/// What `pack` reads: the weights of a convolution, stored [K, C, R, S].
struct WeightShape {
  int64_t outputs, inputs, taps;  ///< K, C, R * S
  int64_t pixels;                 ///< of an image that `correlate` makes with them
};

template <class T>
struct ConvKernels {
  /// Parts first..last of one lane group.
  void (*correlate)(T* y, const T* x, const T* w, const Epilogue<T>& e, const Correlation& c, int64_t first,
                    int64_t last);
  /// Elements of scratch that `weightGradient` needs.
  int64_t (*gradientScratch)(const WeightGradient& g);
  /// Output channels first..last of one lane group, multiples of kGradientBlock (or the end); adds to dw where
  /// accumulate is set, else overwrites it.
  void (*weightGradient)(T* dw, const T* dy, const T* x, bool accumulate, const WeightGradient& g, int64_t first,
                         int64_t last, T* scratch);
  /// Rearranges weights for `correlate`: from [K, C, R, S] for convolution, or, for the data gradient, with K and C
  /// swapped. Output channels first..last only, which must be multiples of kPackBlock (or the end).
  void (*pack)(T* packed, const T* w, const WeightShape& s, bool swapped, int64_t first, int64_t last);
};

/// Packing and points are split over threads at multiples of this many output channels: whole register tiles of every
/// instruction set.
static constexpr int64_t kPackBlock = 48;
/// Images of more than one pixel likewise: their tiles are smaller.
static constexpr int64_t kOutputBlock = 24;
/// And weight gradients.
static constexpr int64_t kGradientBlock = 16;

}  // namespace cnnative
