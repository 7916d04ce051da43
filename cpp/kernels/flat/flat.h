// Contract of the flat family: single samples as users lay them out, [C, H, W] or [F] without lanes, and their way into
// and out of blocks of channels (channels.h).
#pragma once

#include <cstdint>

#include "kernels/channels/channels.h"

namespace cnnative {

template <class T>
struct FlatKernels {
  /// y[k] = act(w[k, :] x + bias[k]) for units first..last; w is [units, features] as stored.
  void (*dense)(T* y, const T* x, const T* w, const T* bias, bool relu, int64_t features, int64_t first, int64_t last);
  /// y = exp(x - max x) / sum.
  void (*softmax)(T* y, const T* x, int64_t classes);
  /// y[C, pixels] = x[C / 16][pixels][16].
  void (*flatten)(T* y, const T* x, int64_t channels, int64_t pixels);
  /// y[C / 16][pixels][16] = x[C, pixels].
  void (*spread)(T* y, const T* x, int64_t channels, int64_t pixels);
  /// The same from bytes, x * scale[C] + shift[C].
  void (*spreadBytes)(T* y, const uint8_t* x, const T* scale, const T* shift, int64_t channels, int64_t pixels);
};

}  // namespace cnnative
