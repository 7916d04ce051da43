// Losses against targets: lanes are samples, so sums over the elements of a sample need no shuffles.
#include "kernels/families.h"
#include "kernels/long_sum.h"
#include "simd/math.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

struct Element {
  Vec value, derivative;
};

template <class F>
CNNATIVE_INLINE void each(float* loss, float* dx, const float* x, const float* t, const LossScales<float>& scales,
                          int64_t features, const F& f) {
  for (int v = 0; v < kLanes; v += kWidth) {
    const Vec w = load(scales.w + v), slope = w * splat(scales.gradient);
    const Vec total = longSum(features, [&](int64_t i) {
      const int64_t at = i * kLanes + v;
      const Element e = f(load(x + at), load(t + at));
      if (dx) store(dx + at, slope * e.derivative);
      return e.value;
    });
    store(loss + v, w * splat(scales.loss) * total);
  }
}

CNNATIVE_INLINE Vec clamp(Vec x, float least, float most) { return min(splat(most), max(splat(least), x)); }

constexpr float kLeast = static_cast<float>(kLeastProbability), kMost = 1.0f - static_cast<float>(kLeastProbability);

/// `inside` where x lies between the bounds or is NaN, else 0.
CNNATIVE_INLINE Vec whereInside(Vec x, float least, float most, Vec inside) {
  return select(greater(splat(least), x) | greater(x, splat(most)), zero(), inside);
}

/// t log t; 0 where t = 0.
CNNATIVE_INLINE Vec ownEntropy(Vec t) { return select(equal(t, zero()), zero(), t * log(max(splat(1e-37f), t))); }

void squaredError(float* loss, float* dx, const float* x, const float* t, const LossScales<float>& scales, float,
                  int64_t features) {
  each(loss, dx, x, t, scales, features, [](Vec p, Vec q) {
    const Vec d = p - q;
    return Element{d * d, d + d};
  });
}

void absoluteError(float* loss, float* dx, const float* x, const float* t, const LossScales<float>& scales, float,
                   int64_t features) {
  each(loss, dx, x, t, scales, features, [](Vec p, Vec q) {
    const Vec d = p - q;
    return Element{abs(d), select(equal(d, zero()), zero(), select(isNan(d), d, copySign(splat(1.0f), d)))};
  });
}

void huber(float* loss, float* dx, const float* x, const float* t, const LossScales<float>& scales, float delta,
           int64_t features) {
  each(loss, dx, x, t, scales, features, [delta](Vec p, Vec q) {
    const Vec d = p - q, a = abs(d), near = min(splat(delta), a);
    return Element{near * (a - splat(0.5f) * near), clamp(d, -delta, delta)};
  });
}

void hinge(float* loss, float* dx, const float* x, const float* t, const LossScales<float>& scales, float,
           int64_t features) {
  each(loss, dx, x, t, scales, features, [](Vec p, Vec q) {
    const Vec margin = splat(1.0f) - p * q;
    const Vec slope = select(greater(margin, zero()), zero() - q, zero());
    return Element{max(zero(), margin), select(isNan(margin), margin, slope)};
  });
}

void logistic(float* loss, float* dx, const float* x, const float* t, const LossScales<float>& scales, float,
              int64_t features) {
  each(loss, dx, x, t, scales, features, [](Vec z, Vec q) {
    return Element{max(zero(), z) - z * q + log1p(exp(zero() - abs(z))), sigmoid(z) - q};
  });
}

void binary(float* loss, float* dx, const float* x, const float* t, const LossScales<float>& scales, float,
            int64_t features) {
  each(loss, dx, x, t, scales, features, [](Vec given, Vec q) {
    const Vec p = clamp(given, kLeast, kMost), rest = splat(1.0f) - p;
    const Vec value = zero() - (q * log(p) + (splat(1.0f) - q) * log(rest));
    return Element{value, whereInside(given, kLeast, kMost, (p - q) / (p * rest))};
  });
}

void negativeLog(float* loss, float* dx, const float* x, const float* t, const LossScales<float>& scales, float,
                 int64_t features) {
  each(loss, dx, x, t, scales, features, [](Vec given, Vec q) {
    const Vec p = max(splat(kLeast), given);
    return Element{zero() - q * log(p), select(greater(splat(kLeast), given), zero(), zero() - q / p)};
  });
}

void divergence(float* loss, float* dx, const float* x, const float* t, const LossScales<float>& scales, float,
                int64_t features) {
  each(loss, dx, x, t, scales, features, [](Vec given, Vec q) {
    const Vec p = max(splat(kLeast), given);
    return Element{ownEntropy(q) - q * log(p), select(greater(splat(kLeast), given), zero(), zero() - q / p)};
  });
}

void crossEntropy(float* loss, float* dx, const float* x, const float* t, const LossScales<float>& scales,
                  bool relative, int64_t classes) {
  for (int v = 0; v < kLanes; v += kWidth) {
    const Vec w = load(scales.w + v), slope = w * splat(scales.gradient);
    Vec top = load(x + v);
    for (int64_t k = 1; k < classes; k++) top = max(top, load(x + k * kLanes + v));
    const Vec sum = longSum(classes, [&](int64_t k) { return exp(load(x + k * kLanes + v) - top); });
    const Vec weight = longSum(classes, [&](int64_t k) { return load(t + k * kLanes + v); });
    // Two logits first: beside a large one the logarithm would lose its digits.
    const Vec below = longSum(classes, [&](int64_t k) {
      const Vec q = load(t + k * kLanes + v);
      // Logits may lie further apart than numbers reach: nothing times that is nothing.
      const Vec own = select(equal(q, zero()), zero(), q * (top - load(x + k * kLanes + v)));
      return relative ? own + ownEntropy(q) : own;
    });
    store(loss + v, w * splat(scales.loss) * (below + weight * log(sum)));
    const Vec share = weight / sum;
    for (int64_t k = 0; dx && k < classes; k++) {
      const int64_t at = k * kLanes + v;
      store(dx + at, slope * (exp(load(x + at) - top) * share - load(t + at)));
    }
  }
}

}  // namespace

const LossKernels<float> lossKernels = {squaredError, absoluteError, huber,      hinge,       logistic,
                                        binary,       negativeLog,   divergence, crossEntropy};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
