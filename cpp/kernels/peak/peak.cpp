#include "kernels/families.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Enough independent chains to hide the latency of two FMA units.
constexpr int kChains = 12;

float run(int64_t rounds) {
  Vec chain[kChains];
  CNNATIVE_UNROLL
  for (int i = 0; i < kChains; i++) chain[i] = splat(static_cast<float>(i));
  const Vec a = splat(0.999f), b = splat(0.001f);
  for (int64_t r = 0; r < rounds; r++) {
    CNNATIVE_UNROLL
    for (int i = 0; i < kChains; i++) chain[i] = fma(chain[i], a, b);
  }
  Vec total = chain[0];
  for (int i = 1; i < kChains; i++) total = total + chain[i];
  return sum(total);
}

}  // namespace

const PeakKernels<float> peakKernels = {run, kChains* kWidth * 2};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
