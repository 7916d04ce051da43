// Elementwise activations, written once for every instruction set.
#include "kernels/families.h"
#include "simd/block.h"
#include "simd/math.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

template <class F>
CNNATIVE_INLINE void map(float* y, const float* x, int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) store(y + i, f(load(x + i)));
  if (i < n) storeFirst(y + i, f(loadFirst(x + i, n - i)), n - i);
}

template <class F>
CNNATIVE_INLINE void map(float* z, const float* x, const float* y, int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) store(z + i, f(load(x + i), load(y + i)));
  if (i < n) storeFirst(z + i, f(loadFirst(x + i, n - i), loadFirst(y + i, n - i)), n - i);
}

void reluForward(float* y, const float* x, int64_t n) {
  map(y, x, n, [](Vec a) { return max(zero(), a); });
}
void reluBackward(float* dx, const float* dy, const float* y, int64_t n) {
  // NaN in y passes into the gradient, as it does in PyTorch's mask y <= 0.
  map(dx, dy, y, n, [](Vec d, Vec f) { return select(greater(f, zero()) | isNan(f), d, zero()); });
}

void sigmoidForward(float* y, const float* x, int64_t n) {
  map(y, x, n, [](Vec a) { return sigmoid(a); });
}
void sigmoidBackward(float* dx, const float* dy, const float* y, int64_t n) {
  map(dx, dy, y, n, [](Vec d, Vec f) { return d * (f * (splat(1.0f) - f)); });
}

void tanhForward(float* y, const float* x, int64_t n) {
  map(y, x, n, [](Vec a) { return tanh(a); });
}
void tanhBackward(float* dx, const float* dy, const float* y, int64_t n) {
  map(dx, dy, y, n, [](Vec d, Vec f) { return d * (splat(1.0f) - f * f); });
}

void add(float* y, const float* a, const float* b, bool relu, int64_t n) {
  if (relu) {
    map(y, a, b, n, [](Vec p, Vec q) { return max(zero(), p + q); });
  } else {
    map(y, a, b, n, [](Vec p, Vec q) { return p + q; });
  }
}

}  // namespace

const ActivationKernels<float> activationKernels = {
    {reluForward, reluBackward}, {sigmoidForward, sigmoidBackward}, {tanhForward, tanhBackward}, add};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
