// Normalisation of each sample for itself: lanes are samples, so its sums need no shuffles.
#include "kernels/group_norm/group_norm.h"

#include "kernels/families.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// visit(i, sum) for vector i of n, summed in four chains that hide the latency of an addition.
template <class Visit>
CNNATIVE_INLINE Vec sumOver(int64_t n, const Visit& visit) {
  Vec chain[4] = {zero(), zero(), zero(), zero()};
  int64_t i = 0;
  for (; i + 4 <= n; i += 4) {
    CNNATIVE_UNROLL
    for (int j = 0; j < 4; j++) chain[j] = visit((i + j) * kLanes, chain[j]);
  }
  for (; i < n; i++) chain[0] = visit(i * kLanes, chain[0]);
  return (chain[0] + chain[1]) + (chain[2] + chain[3]);
}

struct Statistics {
  Vec mean, inverse;
};

// Two passes, the second corrected by what rounding left in the mean (Chan, Golub and LeVeque, "Algorithms for
// computing the sample variance", 1983): squares alone would cancel.
CNNATIVE_INLINE Statistics statisticsOf(const float* x, int64_t n, float epsilon) {
  const Vec share = splat(1.0f / static_cast<float>(n));
  const Vec near = sumOver(n, [&](int64_t at, Vec sum) { return sum + load(x + at); }) * share;
  const Vec rest = sumOver(n, [&](int64_t at, Vec sum) { return sum + (load(x + at) - near); }) * share;
  const Vec mean = near + rest;
  const Vec squares = sumOver(n, [&](int64_t at, Vec sum) {
    const Vec deviation = load(x + at) - mean;
    return fma(deviation, deviation, sum);
  });
  return {mean, splat(1.0f) / sqrt(fma(squares, share, splat(epsilon)))};
}

void forward(float* y, float* statistics, const float* x, const float* gamma, const float* beta, float epsilon,
             const GroupNorm& s) {
  const int64_t plane = s.pixels * kLanes, n = s.channels * plane;
  for (int64_t g = 0; g < s.groups; g++) {
    for (int v = 0; v < kLanes; v += kWidth) {
      const float* in = x + g * n + v;
      float* out = y + g * n + v;
      const Statistics own = statisticsOf(in, s.channels * s.pixels, epsilon);
      store(statistics + 2 * g * kLanes + v, own.mean);
      store(statistics + (2 * g + 1) * kLanes + v, own.inverse);
      for (int64_t c = 0; c < s.channels; c++, in += plane, out += plane) {
        const int64_t channel = g * s.channels + c;
        const Vec scale = gamma ? splat(gamma[channel]) * own.inverse : own.inverse;
        const Vec shift = beta ? splat(beta[channel]) : zero();
        for (int64_t i = 0; i < plane; i += kLanes) store(out + i, fma(load(in + i) - own.mean, scale, shift));
      }
    }
  }
}

void backward(float* dx, const float* dy, const float* x, const float* statistics, const float* gamma,
              const GroupNorm& s) {
  const int64_t plane = s.pixels * kLanes, n = s.channels * plane;
  const Vec share = splat(1.0f / static_cast<float>(s.channels * s.pixels));
  for (int64_t g = 0; g < s.groups; g++) {
    for (int v = 0; v < kLanes; v += kWidth) {
      const Vec mean = load(statistics + 2 * g * kLanes + v), inverse = load(statistics + (2 * g + 1) * kLanes + v);
      // Sums of d = dy * gamma and of d * (x - mean).
      Vec sum = zero(), product = zero();
      for (int64_t c = 0; c < s.channels; c++) {
        const float *d = dy + g * n + c * plane + v, *in = x + g * n + c * plane + v;
        Vec own = zero(), ownProduct = zero();
        for (int64_t i = 0; i < plane; i += kLanes) {
          own = own + load(d + i);
          ownProduct = fma(load(d + i), load(in + i) - mean, ownProduct);
        }
        const Vec scale = splat(gamma ? gamma[g * s.channels + c] : 1.0f);
        sum = fma(own, scale, sum), product = fma(ownProduct, scale, product);
      }
      const Vec constant = sum * share * inverse;
      const Vec slope = product * share * inverse * inverse * inverse;
      for (int64_t c = 0; c < s.channels; c++) {
        const int64_t from = g * n + c * plane + v;
        const Vec scale = gamma ? splat(gamma[g * s.channels + c]) * inverse : inverse;
        for (int64_t i = from; i < from + plane; i += kLanes) {
          const Vec along = fma(load(x + i) - mean, slope, constant);
          store(dx + i, fma(load(dy + i), scale, zero() - along));
        }
      }
    }
  }
}

void gammaGradient(float* dgamma, const float* dy, const float* x, const float* statistics, bool accumulate,
                   const GroupNorm& s, int64_t first, int64_t last) {
  const int64_t plane = s.pixels * kLanes;
  for (int64_t channel = first; channel < last; channel++) {
    const float* own = statistics + channel / s.channels * 2 * kLanes;
    float total = 0.0f;
    for (int v = 0; v < kLanes; v += kWidth) {
      const float *d = dy + channel * plane + v, *in = x + channel * plane + v;
      const Vec mean = load(own + v);
      const Vec products =
          sumOver(s.pixels, [&](int64_t at, Vec product) { return fma(load(d + at), load(in + at) - mean, product); });
      total += sum(products * load(own + kLanes + v));
    }
    dgamma[channel] = accumulate ? dgamma[channel] + total : total;
  }
}

}  // namespace

const GroupNormKernels<float> groupNormKernels = {forward, backward, gammaGradient};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
