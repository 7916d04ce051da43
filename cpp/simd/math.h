// exp, log and their kin of a vector: exp, log, tanh within 4 ULP over the whole range, the others as they say. Our
// own, because libm differs between machines and the same seed shall give the same bits. Results below the smallest
// normal number are flushed to zero.
#pragma once

#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

/// e^x: x = n ln 2 + r with |r| <= ln 2 / 2, and the Taylor series of e^r up to r^7 (remainder below 6e-9).
static CNNATIVE_INLINE Vec exp(Vec x) {
  // Beyond these the result is 0 or infinite anyway. NaN passes: min and max give their second operand then.
  const Vec in = max(splat(-104.0f), min(splat(89.0f), x));
  const Vec n = round(in * splat(1.44269504f));
  // ln 2 in two parts: n times the first is exact.
  const Vec r = fma(n, splat(-1.42860677e-6f), fma(n, splat(-0.693145752f), in));
  Vec p = splat(1.0f / 5040);
  p = fma(p, r, splat(1.0f / 720));
  p = fma(p, r, splat(1.0f / 120));
  p = fma(p, r, splat(1.0f / 24));
  p = fma(p, r, splat(1.0f / 6));
  p = fma(p, r, splat(0.5f));
  p = fma(p, r, splat(1.0f));
  p = fma(p, r, splat(1.0f));
  // 2^n in two factors, for n reaches from -150 to 128.
  const Vec half = round(n * splat(0.5f));
  return p * powerOfTwo(half) * powerOfTwo(n - half);
}

/// e^x - 1 for x up to 87, without the cancellation near zero: (e^r - 1) 2^n + (2^n - 1), x = n ln 2 + r as in exp.
static CNNATIVE_INLINE Vec expm1(Vec x) {
  // Below this the result is -1.
  const Vec in = max(splat(-87.0f), x);
  const Vec n = round(in * splat(1.44269504f));
  const Vec r = fma(n, splat(-1.42860677e-6f), fma(n, splat(-0.693145752f), in));
  Vec p = splat(1.0f / 40320);
  p = fma(p, r, splat(1.0f / 5040));
  p = fma(p, r, splat(1.0f / 720));
  p = fma(p, r, splat(1.0f / 120));
  p = fma(p, r, splat(1.0f / 24));
  p = fma(p, r, splat(1.0f / 6));
  p = fma(p, r, splat(0.5f));
  const Vec less = fma(r * r, p, r), scale = powerOfTwo(n);
  return fma(less, scale, scale - splat(1.0f));
}

/// ln x for positive normal x: x = 2^e m, ln m = 2 atanh(s) with s = (m - 1) / (m + 1), |s| < 0.172, up to s^9.
static CNNATIVE_INLINE Vec log(Vec x) {
  Vec m, e;
  splitExponent(x, &m, &e);
  const Vec f = m - splat(1.0f);
  const Vec s = f / (f + splat(2.0f));
  const Vec z = s * s;
  Vec p = splat(2.0f / 9);
  p = fma(p, z, splat(2.0f / 7));
  p = fma(p, z, splat(2.0f / 5));
  p = fma(p, z, splat(2.0f / 3));
  // 2s written as f - s f keeps the leading term exact.
  const Vec lnM = f - s * (f - p * z);
  const Vec small = fma(e, splat(1.42860677e-6f), lnM);
  const Vec result = fma(e, splat(0.693145752f), small);
  return select(isNan(x), x, result);
}

/// ln(1 + x) for x from 0 to 1: 2 atanh(s) with s = x / (x + 2) <= 1/3, up to s^15.
static CNNATIVE_INLINE Vec log1p(Vec x) {
  const Vec s = x / (x + splat(2.0f));
  const Vec z = s * s;
  Vec p = splat(2.0f / 15);
  p = fma(p, z, splat(2.0f / 13));
  p = fma(p, z, splat(2.0f / 11));
  p = fma(p, z, splat(2.0f / 9));
  p = fma(p, z, splat(2.0f / 7));
  p = fma(p, z, splat(2.0f / 5));
  p = fma(p, z, splat(2.0f / 3));
  return x - s * (x - p * z);
}

/// The standard normal distribution at x: its density, and the probability of a smaller value (within 5 ULP).
struct Normal {
  Vec density, below;
};

/// Beyond |x| the probability is e^(-x^2 / 2) R(|x|), where (|x| + 2.5) R is smooth: fitted (minimax, relative error
/// 1.5e-8) by a polynomial in (|x| - 2.5) / (|x| + 2.5) up to 13.5, where e^(-x^2 / 2) has vanished.
static CNNATIVE_INLINE Normal normal(Vec x) {
  const Vec a = min(splat(13.5f), abs(x));
  const Vec square = a * a;
  // What rounding took from the square would count a hundredfold in the tail.
  const Vec lost = fma(a, a, zero() - square);
  const Vec power = exp(splat(-0.5f) * square);
  const Vec e = fma(power, splat(-0.5f) * lost, power);
  const Vec whole = a + splat(2.5f);
  const Vec s = (a - splat(2.5f)) / whole;
  Vec p = splat(-0.000156082198f);
  p = fma(p, s, splat(-0.000308764109f));
  p = fma(p, s, splat(0.00068424124f));
  p = fma(p, s, splat(0.00252159592f));
  p = fma(p, s, splat(-0.00160135468f));
  p = fma(p, s, splat(-0.0163855962f));
  p = fma(p, s, splat(0.00923602469f));
  p = fma(p, s, splat(0.131986931f));
  p = fma(p, s, splat(-0.433692008f));
  p = fma(p, s, splat(0.706656635f));
  const Vec tail = p / whole * e;
  return {e * splat(0.398942280f), select(greater(x, zero()), splat(1.0f) - tail, tail)};
}

/// 1 / (1 + e^-x).
static CNNATIVE_INLINE Vec sigmoid(Vec x) { return splat(1.0f) / (splat(1.0f) + exp(zero() - x)); }

/// tanh x: Lambert's continued fraction near zero (relative error below 1e-9), 1 - 2 / (e^2|x| + 1) elsewhere.
static CNNATIVE_INLINE Vec tanh(Vec x) {
  const Vec a = abs(x), z = x * x;
  const Vec above = x * fma(z, z + splat(105.0f), splat(945.0f));
  const Vec below = fma(z, fma(z, splat(15.0f), splat(420.0f)), splat(945.0f));
  const Vec far = splat(1.0f) - splat(2.0f) / (exp(a + a) + splat(1.0f));
  const Vec result = select(greater(a, splat(0.625f)), copySign(far, x), above / below);
  return select(isNan(x), x, result);
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
