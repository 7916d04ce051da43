#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

template <class T>
void gatherBytes(T* y, const uint8_t* x, const int32_t* samples, int64_t count, int64_t channels, int64_t pixels,
                 const T* scale, const T* shift) {
  for (int64_t l = 0; l < kLanes; l++) {
    const uint8_t* sample = x + samples[l < count ? l : 0] * channels * pixels;
    for (int64_t c = 0; c < channels; c++) {
      for (int64_t p = 0; p < pixels; p++) {
        y[(c * pixels + p) * kLanes + l] = sample[c * pixels + p] * scale[c] + shift[c];
      }
    }
  }
}

template <class T, class E>
void gather(T* y, const E* x, const int32_t* samples, int64_t count, int64_t features) {
  for (int64_t l = 0; l < kLanes; l++) {
    const E* sample = x + samples[l < count ? l : 0] * features;
    for (int64_t f = 0; f < features; f++) y[f * kLanes + l] = static_cast<T>(sample[f]);
  }
}

template <class T>
void scatter(T* y, const T* x, int64_t count, int64_t features) {
  for (int64_t l = 0; l < count; l++) {
    for (int64_t f = 0; f < features; f++) y[l * features + f] = x[f * kLanes + l];
  }
}

}  // namespace

template <class T>
const DataKernels<T>& dataKernels() {
  static const DataKernels<T> table = {gatherBytes<T>, gather<T, float>, gather<T, double>, scatter<T>};
  return table;
}
template const DataKernels<float>& dataKernels();
template const DataKernels<double>& dataKernels();

}  // namespace cnnative::scalar
