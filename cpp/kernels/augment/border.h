// Which pixel stands for one beyond the edges of an image.
#pragma once

#include "kernels/augment/augment.h"

namespace cnnative {

// Unnamed, so that each instruction set keeps its own copy.
namespace {

/// The position within 0..n that stands for one beyond the edges.
inline int64_t positionWithin(int64_t i, int64_t n, Border border) {
  if (border == Border::edge || n == 1) return i < 0 ? 0 : i >= n ? n - 1 : i;
  const int64_t period = 2 * (n - 1);
  i %= period;
  if (i < 0) i += period;
  return i < n ? i : period - i;
}

}  // namespace

}  // namespace cnnative
