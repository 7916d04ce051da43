// Contract of the frame family: images padded and cropped, for one lane group.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

struct Frame {
  int64_t channels, height, width, outputHeight, outputWidth;
  /// Where the first row and column of the image come to lie; negative where they are cropped away.
  int64_t top, left;
};

template <class T>
struct FrameKernels {
  /// y[C, OH, OW, L] = x[C, H, W, L] moved by top and left; zero where it does not reach.
  void (*reframe)(T* y, const T* x, const Frame& f);
};

}  // namespace cnnative
