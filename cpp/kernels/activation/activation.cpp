// Elementwise activations, written once for every instruction set.
#include "kernels/activation/piecewise.h"
#include "kernels/activation/smooth.h"
#include "kernels/families.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Elements between what is computed and what is asked for. An exponential is so many instructions that a core looks
// only two or three vectors ahead by itself: without this, exponentials wait for memory at every page.
constexpr int64_t kAhead = 512;

template <class F>
CNNATIVE_INLINE void map(float* y, const float* x, int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    prefetch<false>(x + i + kAhead);
    store(y + i, f(load(x + i)));
  }
  if (i < n) storeFirst(y + i, f(loadFirst(x + i, n - i)), n - i);
}

template <class F>
CNNATIVE_INLINE void map(float* z, const float* x, const float* y, int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    prefetch<false>(x + i + kAhead);
    prefetch<false>(y + i + kAhead);
    store(z + i, f(load(x + i), load(y + i)));
  }
  if (i < n) storeFirst(z + i, f(loadFirst(x + i, n - i), loadFirst(y + i, n - i)), n - i);
}

template <class F>
void forward(float* y, const float* x, int64_t n, float parameter) {
  const Vec p = splat(parameter);
  map(y, x, n, [p](Vec a) { return F::value(a, p); });
}

template <class F>
void backward(float* dx, const float* dy, const float* known, int64_t n, float parameter) {
  const Vec p = splat(parameter);
  map(dx, dy, known, n, [p](Vec d, Vec k) { return F::gradient(d, k, p); });
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
    {forward<Relu>, backward<Relu>},           {forward<Relu6>, backward<Relu6>},
    {forward<LeakyRelu>, backward<LeakyRelu>}, {forward<Elu>, backward<Elu>},
    {forward<Selu>, backward<Selu>},           {forward<HardSigmoid>, backward<HardSigmoid>},
    {forward<Sigmoid>, backward<Sigmoid>},     {forward<Tanh>, backward<Tanh>},
    {forward<Softplus>, backward<Softplus>},   {forward<Softsign>, backward<Softsign>},
    {forward<Gelu>, backward<Gelu>},           {forward<GeluTanh>, backward<GeluTanh>},
    {forward<Silu>, backward<Silu>},           {forward<Mish>, backward<Mish>},
    {forward<HardSwish>, backward<HardSwish>}, add};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
