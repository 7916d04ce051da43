// Normalisation of each sample for itself: lanes are samples, so its sums need no shuffles.
#include "kernels/group_norm/group_norm.h"

#include "kernels/families.h"
#include "kernels/whole_lines.h"
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

// Of each vector of lanes. In pieces that the cache holds, joined as in the same article.
CNNATIVE_INLINE void statisticsOf(Statistics (&own)[kVecs], const float* x, int64_t n, float epsilon) {
  Moments all[kVecs];
  for (int64_t i = 0; i < n; i += kCachedVectors) {
    const int64_t more = smaller(n - i, kCachedVectors);
    const Vec before = splat(static_cast<float>(i)),
              share = splat(static_cast<float>(more) / static_cast<float>(i + more));
    for (int v = 0; v < kVecs; v++) {
      const Moments next = momentsOf(x + i * kLanes + v * kWidth, more);
      if (i == 0) {
        all[v] = next;
        continue;
      }
      const Vec apart = next.mean - all[v].mean;
      all[v].mean = fma(apart, share, all[v].mean);
      all[v].squares = all[v].squares + fma(apart * apart, share * before, next.squares);
    }
  }
  const Vec share = splat(1.0f / static_cast<float>(n));
  for (int v = 0; v < kVecs; v++) {
    own[v] = {all[v].mean, splat(1.0f) / sqrt(fma(all[v].squares, share, splat(epsilon)))};
  }
}

void forward(float* y, float* statistics, const float* x, const float* gamma, const float* beta, float epsilon,
             const GroupNorm& s) {
  const int64_t plane = s.pixels * kLanes, n = s.channels * plane;
  for (int64_t g = 0; g < s.groups; g++, statistics += 2 * kLanes) {
    Statistics own[kVecs];
    statisticsOf(own, x + g * n, s.channels * s.pixels, epsilon);
    for (int v = 0; v < kVecs; v++) {
      store(statistics + v * kWidth, own[v].mean);
      store(statistics + kLanes + v * kWidth, own[v].inverse);
    }
    for (int64_t c = 0; c < s.channels; c++) {
      const int64_t channel = g * s.channels + c;
      const float* in = x + channel * plane;
      float* out = y + channel * plane;
      // Channels of one pixel are too many instructions a vector for a core to look far ahead by itself.
      prefetch<false>(in + 512);
      prefetch<true>(out + 512);
      const Vec shift = beta ? splat(beta[channel]) : zero();
      Vec scale[kVecs];
      for (int v = 0; v < kVecs; v++) scale[v] = gamma ? splat(gamma[channel]) * own[v].inverse : own[v].inverse;
      eachVector(plane, [&](int64_t at, int v) { store(out + at, fma(load(in + at) - own[v].mean, scale[v], shift)); });
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
    Vec mean[kVecs], inverse[kVecs], all[kVecs], product[kVecs];
    for (int v = 0; v < kVecs; v++) {
      mean[v] = load(statistics + v * kWidth), inverse[v] = load(statistics + kLanes + v * kWidth);
      all[v] = product[v] = zero();
    }
    for (int64_t channel = g * s.channels; channel < (g + 1) * s.channels; channel++) {
      const Vec scale = splat(gamma ? gamma[channel] : 1.0f);
      const float *d = dy + channel * plane, *in = x + channel * plane;
      Vec own[kVecs], ownProduct[kVecs];
      for (int v = 0; v < kVecs; v++) own[v] = ownProduct[v] = zero();
      eachVector(plane, [&](int64_t at, int v) {
        const Vec gradient = load(d + at);
        own[v] = own[v] + gradient;
        ownProduct[v] = fma(gradient, load(in + at) - mean[v], ownProduct[v]);
      });
      Vec lanes = zero(), products = zero();
      for (int v = 0; v < kVecs; v++) {
        all[v] = fma(own[v], scale, all[v]), product[v] = fma(ownProduct[v], scale, product[v]);
        lanes = lanes + own[v], products = fma(ownProduct[v], inverse[v], products);
      }
      give(dbeta, channel, sum(lanes), accumulate);
      give(dgamma, channel, sum(products), accumulate);
    }
    for (int v = 0; v < kVecs; v++) {
      store(sums + v * kWidth, all[v]);
      store(sums + kLanes + v * kWidth, product[v]);
    }
  }
}

void backward(float* dx, const float* dy, const float* x, const float* statistics, const float* sums,
              const float* gamma, const GroupNorm& s) {
  const int64_t plane = s.pixels * kLanes;
  const Vec share = splat(1.0f / static_cast<float>(s.channels * s.pixels));
  for (int64_t g = 0; g < s.groups; g++, statistics += 2 * kLanes, sums += 2 * kLanes) {
    Vec mean[kVecs], inverse[kVecs], constant[kVecs], slope[kVecs];
    for (int v = 0; v < kVecs; v++) {
      mean[v] = load(statistics + v * kWidth), inverse[v] = load(statistics + kLanes + v * kWidth);
      constant[v] = load(sums + v * kWidth) * share * inverse[v];
      slope[v] = load(sums + kLanes + v * kWidth) * share * inverse[v] * inverse[v] * inverse[v];
    }
    for (int64_t channel = g * s.channels; channel < (g + 1) * s.channels; channel++) {
      const float *d = dy + channel * plane, *in = x + channel * plane;
      float* out = dx + channel * plane;
      Vec scale[kVecs];
      for (int v = 0; v < kVecs; v++) scale[v] = gamma ? splat(gamma[channel]) * inverse[v] : inverse[v];
      eachVector(plane, [&](int64_t at, int v) {
        const Vec along = fma(load(in + at) - mean[v], slope[v], constant[v]);
        store(out + at, fma(load(d + at), scale[v], zero() - along));
      });
    }
  }
}

}  // namespace

const GroupNormKernels<float> groupNormKernels = {forward, sums, backward};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
