// Elementwise activations, written once for every instruction set.
#include "kernels/activation/piecewise.h"
#include "kernels/activation/smooth.h"
#include "kernels/families.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Elements between what is computed and what is asked for. An exponential is so many instructions that a core looks
// only two or three vectors ahead by itself: without this, they wait for memory at every page. Cheap functions would
// pay for it with every vector that is in the cache.
constexpr int64_t kAhead = 512;

template <bool Asks, class F>
CNNATIVE_INLINE void map(float* y, const float* x, int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    if (Asks) prefetch<false>(x + i + kAhead);
    store(y + i, f(load(x + i)));
  }
  if (i < n) storeFirst(y + i, f(loadFirst(x + i, n - i)), n - i);
}

template <bool Asks, class F>
CNNATIVE_INLINE void map(float* z, const float* x, const float* y, int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    if (Asks) prefetch<false>(x + i + kAhead), prefetch<false>(y + i + kAhead);
    store(z + i, f(load(x + i), load(y + i)));
  }
  if (i < n) storeFirst(z + i, f(loadFirst(x + i, n - i), loadFirst(y + i, n - i)), n - i);
}

template <class F, bool Asks>
void forward(float* y, const float* x, int64_t n, float parameter) {
  const Vec p = splat(parameter);
  map<Asks>(y, x, n, [p](Vec a) { return F::value(a, p); });
}

template <class F, bool Asks>
void backward(float* dx, const float* dy, const float* known, int64_t n, float parameter) {
  const Vec p = splat(parameter);
  map<Asks>(dx, dy, known, n, [p](Vec d, Vec k) { return F::gradient(d, k, p); });
}

template <class F>
constexpr ActivationKernels<float>::Function cheap = {forward<F, false>, backward<F, false>};
template <class F>
constexpr ActivationKernels<float>::Function exponential = {forward<F, true>, backward<F, true>};

void add(float* y, const float* a, const float* b, bool relu, int64_t n) {
  if (relu) {
    map<false>(y, a, b, n, [](Vec p, Vec q) { return max(zero(), p + q); });
  } else {
    map<false>(y, a, b, n, [](Vec p, Vec q) { return p + q; });
  }
}

}  // namespace

const ActivationKernels<float> activationKernels = {
    cheap<Relu>,           cheap<Relu6>,       cheap<LeakyRelu>,     exponential<Elu>,
    exponential<Selu>,     cheap<HardSigmoid>, exponential<Sigmoid>, exponential<Tanh>,
    exponential<Softplus>, cheap<Softsign>,    exponential<Gelu>,    exponential<GeluTanh>,
    exponential<Silu>,     exponential<Mish>,  cheap<HardSwish>,     add};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
