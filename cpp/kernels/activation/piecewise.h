// Activations of straight pieces, and softsign: no exponentials. `gradient` gives d f'(x), from y unless it says x. A
// NaN passes into the gradient, and at kinks the derivative is PyTorch's.
#pragma once

#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

/// max(0, x).
struct Relu {
  static CNNATIVE_INLINE Vec value(Vec x, Vec) { return max(zero(), x); }
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec y, Vec) {
    // PyTorch's mask is y <= 0.
    return select(greater(y, zero()) | isNan(y), d, zero());
  }
};

/// min(6, max(0, x)).
struct Relu6 {
  static CNNATIVE_INLINE Vec value(Vec x, Vec) { return min(splat(6.0f), max(zero(), x)); }
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec y, Vec) {
    return select(equal(y, zero()) | equal(y, splat(6.0f)), zero(), d);
  }
};

/// x for x > 0, slope x elsewhere. For slope >= 0, y > 0 only where x > 0.
struct LeakyRelu {
  static CNNATIVE_INLINE Vec value(Vec x, Vec slope) { return select(greater(x, zero()), x, x * slope); }
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec y, Vec slope) { return select(greater(y, zero()), d, d * slope); }
};

/// min(6, max(0, x + 3)) / 6.
struct HardSigmoid {
  static CNNATIVE_INLINE Vec value(Vec x, Vec) { return min(splat(6.0f), max(zero(), x + splat(3.0f))) / splat(6.0f); }
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec y, Vec) {
    return select(equal(y, zero()) | equal(y, splat(1.0f)), zero(), d / splat(6.0f));
  }
};

/// x hardSigmoid(x).
struct HardSwish {
  static CNNATIVE_INLINE Vec value(Vec x, Vec parameter) { return x * HardSigmoid::value(x, parameter); }
  /// From x.
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec x, Vec) {
    const Vec within = d * fma(x, splat(1.0f / 3), splat(0.5f));
    const Vec above = select(greater(splat(3.0f), x) | isNan(x), within, d);
    return select(greater(x, splat(-3.0f)) | isNan(x), above, zero());
  }
};

/// x / (1 + |x|), with the derivative 1 / (1 + |x|)^2 = (1 - |y|)^2.
struct Softsign {
  static CNNATIVE_INLINE Vec value(Vec x, Vec) { return x / (splat(1.0f) + abs(x)); }
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec y, Vec) {
    const Vec root = splat(1.0f) - abs(y);
    return d * (root * root);
  }
};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
