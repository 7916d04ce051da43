#include "kernels/families.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// So few vectors are added in float, before their sum goes on in double.
constexpr int64_t kRun = 16;

double penalty(const float* w, int64_t n, float l1, float l2) {
  double sizes = 0, squares = 0;
  for (int64_t i = 0; i < n;) {
    Vec size = zero(), square = zero();
    for (int64_t v = 0; v < kRun && i < n; v++, i += kWidth) {
      const Vec a = loadSome(w + i, n - i);
      size = size + abs(a);
      square = fma(a, a, square);
    }
    sizes += sum(size);
    squares += sum(square);
  }
  return l1 * sizes + l2 * squares;
}

void gradient(float* g, const float* w, int64_t n, float l1, float l2) {
  const Vec up = splat(l1), down = splat(-l1), slope = splat(2 * l2);
  const auto changed = [&](Vec old, Vec a) {
    const Vec sign = select(greater(a, zero()), up, select(greater(zero(), a), down, zero()));
    return old + fma(slope, a, sign);
  };
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) store(g + i, changed(load(g + i), load(w + i)));
  if (i < n) storeFirst(g + i, changed(loadFirst(g + i, n - i), loadFirst(w + i, n - i)), n - i);
}

}  // namespace

const RegularizerKernels<float> regularizerKernels = {penalty, gradient};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
