// Samples to lane groups and back, by transposing 16 x 16 blocks.
#include "kernels/families.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Where each lane's sample starts; absent lanes repeat the first one.
template <class E>
void locate(const E** rows, const E* x, const int32_t* samples, int64_t count, int64_t features) {
  for (int64_t l = 0; l < kLanes; l++) rows[l] = x + samples[l < count ? l : 0] * features;
}

void gatherBytes(float* y, const uint8_t* x, const int32_t* samples, int64_t count, int64_t channels, int64_t pixels,
                 const float* scale, const float* shift) {
  const uint8_t* rows[kLanes];
  locate(rows, x, samples, count, channels * pixels);
  for (int64_t c = 0; c < channels; c++, y += pixels * kLanes) {
    const Vec a = splat(scale[c]), b = splat(shift[c]);
    int64_t p = 0;
    for (; p + kLanes <= pixels; p += kLanes) {
      const int64_t at = c * pixels + p;
      transposeBlock(y + p * kLanes, kLanes,
                     [&](int row, int v) { return fma(loadBytes(rows[row] + at + v * kWidth), a, b); });
    }
    for (; p < pixels; p++) {
      float raw[kLanes];
      for (int l = 0; l < kLanes; l++) raw[l] = rows[l][c * pixels + p];
      for (int v = 0; v < kLanes; v += kWidth) store(y + p * kLanes + v, fma(load(raw + v), a, b));
    }
  }
}

void gatherFloats(float* y, const float* x, const int32_t* samples, int64_t count, int64_t features) {
  const float* rows[kLanes];
  locate(rows, x, samples, count, features);
  int64_t f = 0;
  for (; f + kLanes <= features; f += kLanes) {
    transposeBlock(y + f * kLanes, kLanes, [&](int row, int v) { return load(rows[row] + f + v * kWidth); });
  }
  for (; f < features; f++) {
    for (int l = 0; l < kLanes; l++) y[f * kLanes + l] = rows[l][f];
  }
}

void gatherDoubles(float* y, const double* x, const int32_t* samples, int64_t count, int64_t features) {
  const double* rows[kLanes];
  locate(rows, x, samples, count, features);
  for (int64_t f = 0; f < features; f++) {
    for (int l = 0; l < kLanes; l++) y[f * kLanes + l] = static_cast<float>(rows[l][f]);
  }
}

void scatter(float* y, const float* x, int64_t count, int64_t features) {
  for (int64_t f = 0; f < features; f++) {
    for (int64_t l = 0; l < count; l++) y[l * features + f] = x[f * kLanes + l];
  }
}

}  // namespace

const DataKernels<float> dataKernels = {gatherBytes, gatherFloats, gatherDoubles, scatter};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
