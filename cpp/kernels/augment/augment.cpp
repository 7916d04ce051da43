#include "kernels/augment/warp_lanes.h"
#include "kernels/families.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

void fromBytes(float* y, const uint8_t* x, int64_t n) {
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) store(y + i, loadBytes(x + i));
  for (; i < n; i++) y[i] = x[i];
}

void adjust(float* y, float a, float b, float least, float most, int64_t n) {
  const Vec factor = splat(a), shift = splat(b), floor = splat(least), ceiling = splat(most);
  const auto of = [&](Vec v) { return min(max(fma(v, factor, shift), floor), ceiling); };
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) store(y + i, of(load(y + i)));
  if (i < n) storeFirst(y + i, of(loadFirst(y + i, n - i)), n - i);
}

void blend(float* y, const float* x, float a, float b, int64_t n) {
  const Vec own = splat(a), other = splat(b);
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) store(y + i, fma(load(x + i), other, load(y + i) * own));
  if (i < n) storeFirst(y + i, fma(loadFirst(x + i, n - i), other, loadFirst(y + i, n - i) * own), n - i);
}

}  // namespace

const AugmentKernels<float> augmentKernels = {fromBytes, adjust, blend, warpVectors, warpBytes, warpLanes};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
