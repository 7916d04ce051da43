// Tensors of one shape brought together element by element, written once for every instruction set.
#include "kernels/merge/merge.h"

#include "kernels/families.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Where b is the larger one. NaN wins over numbers, the first over the second.
CNNATIVE_INLINE Mask takesSecond(Vec a, Vec b) { return andNot(greater(b, a) | isNan(b), isNan(a)); }

void multiply(float* y, const float* a, const float* b, int64_t n) {
  for (int64_t i = 0; i < n; i += kWidth) store(y + i, load(a + i) * load(b + i));
}

void maximum(float* y, const float* a, const float* b, int64_t n) {
  for (int64_t i = 0; i < n; i += kWidth) {
    const Vec p = load(a + i), q = load(b + i);
    store(y + i, select(takesSecond(p, q), q, p));
  }
}

void maximumGradient(float* dx, const float* dy, const float* a, const float* b, bool second, int64_t n) {
  for (int64_t i = 0; i < n; i += kWidth) {
    const Mask of = takesSecond(load(a + i), load(b + i));
    const Vec d = load(dy + i);
    store(dx + i, second ? select(of, d, zero()) : select(of, zero(), d));
  }
}

void scale(float* y, const float* x, float factor, float offset, int64_t n) {
  const Vec by = splat(factor), plus = splat(offset);
  for (int64_t i = 0; i < n; i += kWidth) store(y + i, fma(load(x + i), by, plus));
}

}  // namespace

const MergeKernels<float> mergeKernels = {multiply, maximum, maximumGradient, scale};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
