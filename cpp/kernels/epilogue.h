// What a convolution does to its sums on their way out, so that no other pass over memory has to.
#pragma once

#include <cstdint>

#include "simd/compiler.h"

namespace cnnative {

/// y[K, OH, OW, L] = act(sum + bias[K] + addend[K, OH, OW, L]).
template <class T>
struct Epilogue {
  const T* bias;    ///< or null
  const T* addend;  ///< or null; may be y itself
  bool relu;        ///< clamps at zero (NaN passes)

  /// Of the output channels from `channel` on, which begin at y + offset.
  CNNATIVE_INLINE Epilogue at(int64_t channel, int64_t offset) const {
    return {bias ? bias + channel : nullptr, addend ? addend + offset : nullptr, relu};
  }
};

}  // namespace cnnative
