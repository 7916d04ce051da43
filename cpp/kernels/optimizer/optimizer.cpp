#include "kernels/families.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

void momentum(float* w, float* v, const float* g, int64_t n, float rate, float momentum) {
  const Vec minusRate = splat(-rate), m = splat(momentum);
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    const Vec velocity = fma(m, load(v + i), load(g + i));
    store(v + i, velocity);
    store(w + i, fma(minusRate, velocity, load(w + i)));
  }
  if (i == n) return;
  const Vec velocity = fma(m, loadFirst(v + i, n - i), loadFirst(g + i, n - i));
  storeFirst(v + i, velocity, n - i);
  storeFirst(w + i, fma(minusRate, velocity, loadFirst(w + i, n - i)), n - i);
}

void sgd(float* w, const float* g, int64_t n, float rate) {
  const Vec minusRate = splat(-rate);
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) store(w + i, fma(minusRate, load(g + i), load(w + i)));
  if (i < n) storeFirst(w + i, fma(minusRate, loadFirst(g + i, n - i), loadFirst(w + i, n - i)), n - i);
}

}  // namespace

const OptimizerKernels<float> optimizerKernels = {momentum, sgd};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
