// Activations made of exponentials. `gradient` gives d f'(x), from y unless it says x. Infinities give what the
// formulas give, as in PyTorch: x f(x) with f(-infinity) = 0 is NaN there.
#pragma once

#include "simd/math.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

/// 1 / (1 + e^-x).
struct Sigmoid {
  static CNNATIVE_INLINE Vec value(Vec x, Vec) { return sigmoid(x); }
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec y, Vec) { return d * (y * (splat(1.0f) - y)); }
};

struct Tanh {
  static CNNATIVE_INLINE Vec value(Vec x, Vec) { return tanh(x); }
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec y, Vec) { return d * (splat(1.0f) - y * y); }
};

/// x for x > 0, alpha (e^x - 1) elsewhere, with the derivative y + alpha there (Clevert, Unterthiner, Hochreiter,
/// 2016).
struct Elu {
  static CNNATIVE_INLINE Vec value(Vec x, Vec alpha) {
    return select(greater(x, zero()), x, alpha * expm1(min(zero(), x)));
  }
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec y, Vec alpha) {
    return select(greater(y, zero()), d, d * (y + alpha));
  }
};

/// scale elu(x) with constants that keep mean 0 and variance 1 (Klambauer et al., "Self-normalizing neural networks",
/// 2017).
struct Selu {
  static constexpr float kScale = 1.0507009873554805f, kAlpha = 1.6732632423543772f, kProduct = 1.7580993408473766f;
  static CNNATIVE_INLINE Vec value(Vec x, Vec) {
    return select(greater(x, zero()), splat(kScale) * x, splat(kProduct) * expm1(min(zero(), x)));
  }
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec y, Vec) {
    return d * select(greater(y, zero()), splat(kScale), y + splat(kProduct));
  }
};

/// ln(1 + e^x) = max(0, x) + ln(1 + e^-|x|), with the derivative sigmoid(x) = 1 - e^-y.
struct Softplus {
  static CNNATIVE_INLINE Vec value(Vec x, Vec) { return max(zero(), x) + log1p(exp(zero() - abs(x))); }
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec y, Vec) { return d * (zero() - expm1(zero() - y)); }
};

/// x sigmoid(x).
struct Silu {
  static CNNATIVE_INLINE Vec value(Vec x, Vec) { return x / (splat(1.0f) + exp(zero() - x)); }
  /// s + x s (1 - s), from x.
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec x, Vec) {
    const Vec s = sigmoid(x), rest = sigmoid(zero() - x);
    return d * fma(x, s * rest, s);
  }
};

/// x tanh(ln(1 + e^x)) = x n / (n + 2) with n = e^x (e^x + 2) (Misra, "Mish", 2020).
struct Mish {
  // From here on tanh(softplus(x)) is 1, and its slope is 0 because its denominator is infinite.
  static constexpr float kFar = 40.0f;
  static CNNATIVE_INLINE Vec value(Vec x, Vec) {
    const Vec e = exp(min(splat(kFar), x));
    const Vec n = e * (e + splat(2.0f));
    return x * (n / (n + splat(2.0f)));
  }
  /// n / (n + 2) + x 4 e^x (1 + e^x) / (n + 2)^2, from x.
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec x, Vec) {
    const Vec e = exp(min(splat(kFar), x));
    const Vec n = e * (e + splat(2.0f)), below = n + splat(2.0f);
    const Vec slope = splat(4.0f) * e * (splat(1.0f) + e) / (below * below);
    return d * fma(x, slope, n / below);
  }
};

/// x P(X < x) for a standard normal X (Hendrycks and Gimpel, "Gaussian error linear units", 2016).
struct Gelu {
  static CNNATIVE_INLINE Vec value(Vec x, Vec) { return x * normal(x).below; }
  /// P(X < x) + x density(x), from x.
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec x, Vec) {
    const Normal n = normal(x);
    return d * fma(x, n.density, n.below);
  }
};

/// Its approximation x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) = x sigmoid(u), u = x (a + b x^2).
struct GeluTanh {
  static constexpr float kA = 1.5957691216057308f, kB = 0.07135481627260025f;
  /// Beyond, sigmoid(u) is 0 or 1 and its slope is 0. NaN passes.
  static CNNATIVE_INLINE Vec near(Vec x) { return max(splat(-15.0f), min(splat(15.0f), x)); }
  static CNNATIVE_INLINE Vec exponent(Vec x) { return x * fma(splat(kB), x * x, splat(kA)); }
  static CNNATIVE_INLINE Vec value(Vec x, Vec) { return x / (splat(1.0f) + exp(zero() - exponent(near(x)))); }
  /// s + x s (1 - s) (a + 3 b x^2) with s = sigmoid(u), from x.
  static CNNATIVE_INLINE Vec gradient(Vec d, Vec x, Vec) {
    const Vec z = near(x), u = exponent(z);
    const Vec s = sigmoid(u), rest = sigmoid(zero() - u);
    const Vec slope = s * rest * fma(splat(3.0f * kB), z * z, splat(kA));
    return d * fma(x, slope, s);
  }
};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
