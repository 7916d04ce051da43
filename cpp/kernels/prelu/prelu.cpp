#include "kernels/families.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

void forward(float* y, const float* x, const float* slope, int64_t channels, int64_t pixels) {
  const int64_t n = pixels * kLanes;
  for (int64_t c = 0; c < channels; c++, y += n, x += n) {
    const Vec s = splat(slope[c]);
    for (int64_t i = 0; i < n; i += kWidth) {
      const Vec a = load(x + i);
      store(y + i, select(greater(a, zero()), a, s * a));
    }
  }
}

void backward(float* dx, const float* dy, const float* x, const float* slope, int64_t channels, int64_t pixels) {
  const int64_t n = pixels * kLanes;
  for (int64_t c = 0; c < channels; c++, dx += n, dy += n, x += n) {
    const Vec s = splat(slope[c]);
    for (int64_t i = 0; i < n; i += kWidth) {
      const Vec d = load(dy + i);
      store(dx + i, select(greater(load(x + i), zero()), d, s * d));
    }
  }
}

void slopeGradient(float* dslope, const float* dy, const float* x, bool accumulate, int64_t channels, int64_t pixels) {
  const int64_t n = pixels * kLanes;
  for (int64_t c = 0; c < channels; c++, dy += n, x += n) {
    // A sum for each vector of a lane group: with few vectors two pixels at once hide the latency of an addition.
    Vec chain[2 * kVecs];
    for (Vec& sum : chain) sum = zero();
    const auto add = [&](int64_t p, int from) {
      CNNATIVE_UNROLL
      for (int v = 0; v < kVecs; v++) {
        const int64_t i = p * kLanes + v * kWidth;
        const Vec below = min(zero(), load(x + i));  // NaN passes
        chain[from + v] = fma(load(dy + i), below, chain[from + v]);
      }
    };
    int64_t p = 0;
    for (; p + 2 <= pixels; p += 2) add(p, 0), add(p + 1, kVecs);
    if (p < pixels) add(p, 0);
    Vec all = zero();
    for (const Vec& sum : chain) all = all + sum;
    const float total = sum(all);
    dslope[c] = accumulate ? dslope[c] + total : total;
  }
}

}  // namespace

const PreluKernels<float> preluKernels = {forward, backward, slopeGradient};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
