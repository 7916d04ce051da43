// Dense layers, softmax and layouts of a single sample, written once for every instruction set.
#include "kernels/flat/flat.h"

#include "kernels/families.h"
#include "simd/block.h"
#include "simd/math.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// UT units at once share the loads of x; two chains each hide the latency of the additions.
template <int UT>
CNNATIVE_INLINE void units(float* y, const float* x, const float* w, const float* bias, bool relu, int64_t features) {
  Vec acc[UT][2];
  CNNATIVE_UNROLL
  for (int u = 0; u < UT; u++) acc[u][0] = acc[u][1] = zero();
  int64_t f = 0;
  for (; f + 2 * kWidth <= features; f += 2 * kWidth) {
    CNNATIVE_UNROLL
    for (int i = 0; i < 2; i++) {
      const Vec in = load(x + f + i * kWidth);
      CNNATIVE_UNROLL
      for (int u = 0; u < UT; u++) acc[u][i] = fma(load(w + u * features + f + i * kWidth), in, acc[u][i]);
    }
  }
  for (; f < features; f += kWidth) {
    const int64_t left = features - f < kWidth ? features - f : kWidth;
    const Vec in = loadFirst(x + f, left);
    CNNATIVE_UNROLL
    for (int u = 0; u < UT; u++) acc[u][0] = fma(loadFirst(w + u * features + f, left), in, acc[u][0]);
  }
  CNNATIVE_UNROLL
  for (int u = 0; u < UT; u++) {
    const float total = sum(acc[u][0] + acc[u][1]) + (bias ? bias[u] : 0.0f);
    y[u] = relu && total < 0.0f ? 0.0f : total;
  }
}

void dense(float* y, const float* x, const float* w, const float* bias, bool relu, int64_t features, int64_t first,
           int64_t last) {
  int64_t k = first;
  const auto next = [&](auto size) {
    units<size()>(y + k, x, w + k * features, bias ? bias + k : nullptr, relu, features);
    k += size();
  };
  while (k + 4 <= last) next(Size<4>{});
  while (k < last) next(Size<1>{});
}

void softmax(float* y, const float* x, int64_t classes) {
  float top = x[0];
  for (int64_t k = 1; k < classes; k++) top = x[k] > top ? x[k] : top;
  double total = 0;
  for (int64_t k = 0; k < classes; k += kWidth) {
    const int64_t left = classes - k < kWidth ? classes - k : kWidth;
    storeFirst(y + k, exp(loadFirst(x + k, left) - splat(top)), left);
  }
  for (int64_t k = 0; k < classes; k++) total += static_cast<double>(y[k]);
  const auto divisor = static_cast<float>(total);
  for (int64_t k = 0; k < classes; k++) y[k] /= divisor;
}

// Pixels in runs of 16, so that blocks of 16 channels x 16 pixels are transposed in registers.
void flatten(float* y, const float* x, int64_t channels, int64_t pixels) {
  for (int64_t c = 0; c < channels; c += kLanes, x += pixels * kLanes, y += pixels * kLanes) {
    const int64_t count = channels - c < kLanes ? channels - c : kLanes;
    int64_t p = 0;
    for (; count == kLanes && p + kLanes <= pixels; p += kLanes) {
      transposeBlock(y + p, pixels, [&](int row, int v) { return load(x + (p + row) * kLanes + v * kWidth); });
    }
    for (; p < pixels; p++) {
      for (int64_t i = 0; i < count; i++) y[i * pixels + p] = x[p * kLanes + i];
    }
  }
}

// What value(channel, pixel) gives, in blocks; lanes beyond the channels are left as they are.
template <class Block, class Value>
CNNATIVE_INLINE void spreadBlocks(float* y, int64_t channels, int64_t pixels, const Block& block, const Value& value) {
  for (int64_t c = 0; c < channels; c += kLanes, y += pixels * kLanes) {
    const int64_t count = channels - c < kLanes ? channels - c : kLanes;
    int64_t p = 0;
    for (; count == kLanes && p + kLanes <= pixels; p += kLanes) {
      transposeBlock(y + p * kLanes, kLanes, [&](int row, int v) { return block(c + row, p + v * kWidth); });
    }
    for (int64_t i = 0; i < count; i++) {
      for (int64_t q = p; q < pixels; q++) y[q * kLanes + i] = value(c + i, q);
    }
  }
}

void spread(float* y, const float* x, int64_t channels, int64_t pixels) {
  spreadBlocks(
      y, channels, pixels, [&](int64_t c, int64_t p) { return load(x + c * pixels + p); },
      [&](int64_t c, int64_t p) { return x[c * pixels + p]; });
}

void spreadBytes(float* y, const uint8_t* x, const float* scale, const float* shift, int64_t channels, int64_t pixels) {
  spreadBlocks(
      y, channels, pixels,
      [&](int64_t c, int64_t p) { return fma(loadBytes(x + c * pixels + p), splat(scale[c]), splat(shift[c])); },
      [&](int64_t c, int64_t p) { return static_cast<float>(x[c * pixels + p]) * scale[c] + shift[c]; });
}

}  // namespace

const FlatKernels<float> flatKernels = {dense, softmax, flatten, spread, spreadBytes};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
