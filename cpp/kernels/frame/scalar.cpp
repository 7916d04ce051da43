#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void reframe(T* y, const T* x, const Frame& f) {
  for (int64_t c = 0; c < f.channels; c++) {
    for (int64_t oy = 0; oy < f.outputHeight; oy++) {
      for (int64_t ox = 0; ox < f.outputWidth; ox++, y += kLanes) {
        const int64_t iy = oy - f.top, ix = ox - f.left;
        const bool inside = iy >= 0 && iy < f.height && ix >= 0 && ix < f.width;
        const int64_t at = ((c * f.height + iy) * f.width + ix) * kLanes;
        for (int l = 0; l < kLanes; l++) y[l] = inside ? x[at + l] : T(0);
      }
    }
  }
}

}  // namespace

template <class T>
const FrameKernels<T>& frameKernels() {
  static const FrameKernels<T> table = {reframe<T>};
  return table;
}
template const FrameKernels<float>& frameKernels();
template const FrameKernels<double>& frameKernels();

}  // namespace cnnative::scalar
