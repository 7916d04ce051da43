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

// Vectors whose passes read memory once: the second finds them in the cache of a core.
constexpr int64_t kCachedVectors = 4096;

struct Moments {
  Vec mean, squares;
};

// Two passes, the second corrected by what rounding left in the mean (Chan, Golub and LeVeque, "Algorithms for
// computing the sample variance", 1983): squares alone would cancel.
CNNATIVE_INLINE Moments momentsOf(const float* x, int64_t n) {
  const Vec share = splat(1.0f / static_cast<float>(n));
  const Vec near = sumOver(n, [&](int64_t at, Vec sum) { return sum + load(x + at); }) * share;
  Vec rest = zero();
  const Vec squares = sumOver(n, [&](int64_t at, Vec sum) {
    const Vec deviation = load(x + at) - near;
    rest = rest + deviation;
    return fma(deviation, deviation, sum);
  });
  return {fma(rest, share, near), max(zero(), squares - rest * rest * share)};
}

struct Statistics {
  Vec mean, inverse;
};

// Of pieces that the cache holds, joined as in the same article.
CNNATIVE_INLINE Statistics statisticsOf(const float* x, int64_t n, float epsilon) {
  Moments all = momentsOf(x, smaller(n, kCachedVectors));
  for (int64_t i = kCachedVectors; i < n; i += kCachedVectors) {
    const int64_t more = smaller(n - i, kCachedVectors);
    const Moments next = momentsOf(x + i * kLanes, more);
    const Vec share = splat(static_cast<float>(more) / static_cast<float>(i + more)), apart = next.mean - all.mean;
    all.mean = fma(apart, share, all.mean);
    all.squares = all.squares + fma(apart * apart, share * splat(static_cast<float>(i)), next.squares);
  }
  return {all.mean, splat(1.0f) / sqrt(fma(all.squares, splat(1.0f / static_cast<float>(n)), splat(epsilon)))};
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
        // Channels of one pixel are too many instructions a vector for a core to look far ahead by itself.
        prefetch<false>(in + 512);
        prefetch<true>(out + 512);
        const int64_t channel = g * s.channels + c;
        const Vec scale = gamma ? splat(gamma[channel]) * own.inverse : own.inverse;
        const Vec shift = beta ? splat(beta[channel]) : zero();
        for (int64_t i = 0; i < plane; i += kLanes) store(out + i, fma(load(in + i) - own.mean, scale, shift));
      }
    }
  }
}

CNNATIVE_INLINE void give(float* gradient, int64_t at, float value, bool accumulate) {
  if (gradient) gradient[at] = accumulate ? gradient[at] + value : value;
}

void sums(float* sums, float* dgamma, float* dbeta, const float* dy, const float* x, const float* statistics,
          const float* gamma, bool accumulate, const GroupNorm& s) {
  const int64_t plane = s.pixels * kLanes;
  for (int64_t g = 0; g < s.groups; g++, sums += 2 * kLanes, statistics += 2 * kLanes) {
    for (int v = 0; v < kLanes; v += kWidth) {
      const Vec mean = load(statistics + v), inverse = load(statistics + kLanes + v);
      Vec all = zero(), product = zero();
      for (int64_t channel = g * s.channels; channel < (g + 1) * s.channels; channel++) {
        const float *d = dy + channel * plane + v, *in = x + channel * plane + v;
        Vec own = zero(), ownProduct = zero();
        for (int64_t i = 0; i < plane; i += kLanes) {
          own = own + load(d + i);
          ownProduct = fma(load(d + i), load(in + i) - mean, ownProduct);
        }
        const Vec scale = splat(gamma ? gamma[channel] : 1.0f);
        all = fma(own, scale, all), product = fma(ownProduct, scale, product);
        const bool onTop = accumulate || v > 0;
        give(dbeta, channel, sum(own), onTop);
        give(dgamma, channel, sum(ownProduct * inverse), onTop);
      }
      store(sums + v, all);
      store(sums + kLanes + v, product);
    }
  }
}

void backward(float* dx, const float* dy, const float* x, const float* statistics, const float* sums,
              const float* gamma, const GroupNorm& s) {
  const int64_t plane = s.pixels * kLanes, n = s.channels * plane;
  const Vec share = splat(1.0f / static_cast<float>(s.channels * s.pixels));
  for (int64_t g = 0; g < s.groups; g++, statistics += 2 * kLanes, sums += 2 * kLanes) {
    for (int v = 0; v < kLanes; v += kWidth) {
      const Vec mean = load(statistics + v), inverse = load(statistics + kLanes + v);
      const Vec constant = load(sums + v) * share * inverse;
      const Vec slope = load(sums + kLanes + v) * share * inverse * inverse * inverse;
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

}  // namespace

const GroupNormKernels<float> groupNormKernels = {forward, sums, backward};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
