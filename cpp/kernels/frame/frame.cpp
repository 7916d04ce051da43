// Padding and cropping with lanes over the batch, written once for every instruction set.
#include "kernels/families.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Elements from..to of a row.
CNNATIVE_INLINE void clear(float* y, int64_t from, int64_t to) {
  for (int64_t i = from * kLanes; i < to * kLanes; i += kWidth) store(y + i, zero());
}

void reframe(float* y, const float* x, const Frame& f) {
  // Output columns that the image reaches: none where it lies wholly beside them.
  const int64_t first = smaller(larger(f.left, 0), f.outputWidth);
  const int64_t last = larger(smaller(f.left + f.width, f.outputWidth), first);
  for (int64_t c = 0; c < f.channels; c++, x += f.height * f.width * kLanes) {
    for (int64_t oy = 0; oy < f.outputHeight; oy++, y += f.outputWidth * kLanes) {
      const int64_t iy = oy - f.top;
      if (iy < 0 || iy >= f.height) {
        clear(y, 0, f.outputWidth);
        continue;
      }
      const float* row = x + (iy * f.width - f.left) * kLanes;
      clear(y, 0, first);
      for (int64_t i = first * kLanes; i < last * kLanes; i += kWidth) store(y + i, load(row + i));
      clear(y, last, f.outputWidth);
    }
  }
}

}  // namespace

const FrameKernels<float> frameKernels = {reframe};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
