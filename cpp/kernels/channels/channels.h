// Contract of the channels family: the forward pass of a single sample, for batches too small to fill lanes with
// samples. Lanes are channels: a tensor [C, H, W] is stored as [C / 16][H][W][16], the last block padded with lanes
// whose values nobody reads. A flat tensor [F] is stored as it is, padded to whole blocks.
//
// Pooling, additions and activations need no kernels of their own: they work on blocks as on the channels of a lane
// group. See README.md in this folder.
#pragma once

#include <cstdint>

#include "kernels/epilogue.h"
#include "kernels/lanes.h"
#include "kernels/winograd/winograd.h"

namespace cnnative {

/// Blocks of kLanes channels.
constexpr int64_t channelBlocks(int64_t channels) { return (channels + kLanes - 1) / kLanes; }

/// A convolution along one axis: output position o and tap t meet input position o * stride + t * dilation - padding.
struct ChannelAxis {
  int64_t in, out, taps, stride, dilation, padding;
};

struct ChannelConvolution {
  int64_t inputs, outputs;  ///< C, K
  ChannelAxis row, column;
  /// The work is cut into parts: bands of output rows, and within each, runs of blocks of output channels.
  int64_t bandRows, bands, partBlocks, parts;
  /// Whether `pack` reads the taps from the last to the first.
  bool flip;
};

/// A convolution in the tiles of Winograd's algorithm.
struct ChannelWinograd {
  WinogradShape image;
  /// The work is cut into parts: bands of tiles, and within each, runs of blocks of output channels.
  int64_t tiles, bandTiles, bands, partBlocks, parts;
  bool flip;  ///< as above
};

/// The most blocks of output channels of a register tile: parts begin at multiples of it.
static constexpr int64_t kChannelTileBlocks = 2;

template <class T>
struct ChannelKernels {
  /// Elements of scratch that a part needs which reads so many blocks of input channels at once: all of them, or one
  /// for `depthwise`.
  int64_t (*scratch)(const ChannelConvolution& c, int64_t blocks);
  /// Rearranges weights [K, C, R, S] for `correlate`: output blocks first..last, multiples of kChannelTileBlocks or the
  /// end. Packed weights have K padded to whole blocks.
  void (*pack)(T* packed, const T* w, const ChannelConvolution& c, int64_t first, int64_t last);
  /// y = act(conv(x, w) + bias + addend), one part; a bias for each channel of whole blocks, and the addend laid out as
  /// y.
  void (*correlate)(T* y, const T* x, const T* w, const Epilogue<T>& e, const ChannelConvolution& c, int64_t part,
                    T* scratch);
  /// The same with a filter of its own for each channel: w [C / 16][R * S][16], K = C.
  void (*depthwise)(T* y, const T* x, const T* w, const Epilogue<T>& e, const ChannelConvolution& c, int64_t part,
                    T* scratch);
  /// Elements of scratch that `winograd` needs.
  int64_t (*winogradScratch)(const ChannelWinograd& c);
  /// Transforms weights [K, C, kernel, kernel] for `winograd`: kWinogradPoints * C for each of the channels of whole
  /// blocks; output blocks first..last as for `pack`.
  void (*winogradWeights)(T* u, const T* w, const ChannelWinograd& c, int64_t first, int64_t last);
  /// As `correlate`.
  void (*winograd)(T* y, const T* x, const T* u, const Epilogue<T>& e, const ChannelWinograd& c, int64_t part,
                   T* scratch);
  /// y = act(x * scale + shift + addend), blocks first..last; scale and shift padded to whole blocks.
  void (*scaleShift)(T* y, const T* x, const T* addend, const T* scale, const T* shift, bool relu, int64_t pixels,
                     int64_t first, int64_t last);
};

}  // namespace cnnative
