#include "kernels/augment/warp.h"
#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void fromBytes(T* y, const uint8_t* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = x[i];
}

template <class T>
void adjust(T* y, T a, T b, T least, T most, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    const T v = a * y[i] + b;
    y[i] = v < least ? least : v > most ? most : v;
  }
}

template <class T>
void blend(T* y, const T* x, T a, T b, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = a * y[i] + b * x[i];
}

template <class T>
void warpBytes(T* y, const uint8_t* x, const ImageSize& size, const PlaneMap& map, Border border, const T* fill,
               void* /*scratch*/) {
  warp(y, x, size, map, border, fill);
}

template <class T>
void warpLanes(T* y, const LaneMaps& lanes, const ImageSize& size, Border border, const T* fill, const T* scale,
               const T* shift, void* scratch) {
  T* row = static_cast<T*>(scratch);
  for (int64_t l = 0; l < kLanes; l++) {
    warp(row, lanes.samples[l], size, lanes.maps[l], border, fill);
    for (int64_t f = 0; f < size.features(); f++) {
      const int64_t c = f / size.pixels();
      y[f * kLanes + l] = row[f] * scale[c] + shift[c];
    }
  }
}

}  // namespace

template <class T>
const AugmentKernels<T>& augmentKernels() {
  static const AugmentKernels<T> table = {fromBytes<T>, adjust<T>, blend<T>, warp<T, T>, warpBytes<T>, warpLanes<T>};
  return table;
}
template const AugmentKernels<float>& augmentKernels();
template const AugmentKernels<double>& augmentKernels();

}  // namespace cnnative::scalar
