// exp, log and their kin of a vector: exp, log, tanh within 4 ULP over the whole range, the others as they say. Our
// own, because libm differs between machines and the same seed shall give the same bits. Results below the smallest
// normal number are flushed to zero.
#pragma once

#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

/// a + b x.
static CNNATIVE_INLINE Vec line(float a, float b, Vec x) { return fma(splat(b), x, splat(a)); }

/// a + b x + c x^2 + d x^3, given x^2: in pairs (Estrin), for Horner's rule would wait for each of its sums.
static CNNATIVE_INLINE Vec cubic(float a, float b, float c, float d, Vec x, Vec square) {
  return fma(line(c, d, x), square, line(a, b, x));
}

/// e^x: x = n ln 2 + r with |r| <= ln 2 / 2, and the Taylor series of e^r up to r^7 (remainder below 6e-9).
static CNNATIVE_INLINE Vec exp(Vec x) {
  // Beyond these the result is 0 or infinite anyway. NaN passes: min and max give their second operand then.
  const Vec in = max(splat(-104.0f), min(splat(89.0f), x));
  const Vec n = round(in * splat(1.44269504f));
  // ln 2 in two parts: n times the first is exact.
  const Vec r = fma(n, splat(-1.42860677e-6f), fma(n, splat(-0.693145752f), in));
  const Vec square = r * r;
  const Vec high = cubic(1.0f / 24, 1.0f / 120, 1.0f / 720, 1.0f / 5040, r, square);
  return timesPowerOfTwo(fma(high, square * square, cubic(1.0f, 1.0f, 0.5f, 1.0f / 6, r, square)), n);
}

/// e^x - 1 for x up to 87, without the cancellation near zero: (e^r - 1) 2^n + (2^n - 1), x = n ln 2 + r as in exp.
static CNNATIVE_INLINE Vec expm1(Vec x) {
  // Below this the result is -1.
  const Vec in = max(splat(-87.0f), x);
  const Vec n = round(in * splat(1.44269504f));
  const Vec r = fma(n, splat(-1.42860677e-6f), fma(n, splat(-0.693145752f), in));
  const Vec square = r * r;
  const Vec high = fma(line(1.0f / 5040, 1.0f / 40320, r), square, line(1.0f / 120, 1.0f / 720, r));
  const Vec low = fma(line(1.0f / 6, 1.0f / 24, r), r, splat(0.5f));
  const Vec less = fma(square, fma(high, square * r, low), r), scale = powerOfTwo(n);
  return fma(less, scale, scale - splat(1.0f));
}

/// ln x for positive normal x and infinity: x = 2^e m, ln m = 2 atanh(s) with s = (m - 1) / (m + 1), |s| < 0.172, up to
/// s^9.
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
  return select(isNan(x) | greater(x, splat(3.40282347e38f)), x, result);
}

/// ln(1 + x) for x from 0 to 1: 2 atanh(s) with s = x / (x + 2) <= 1/3, up to s^15.
static CNNATIVE_INLINE Vec log1p(Vec x) {
  const Vec s = x / (x + splat(2.0f));
  const Vec z = s * s;
  const Vec square = z * z;
  const Vec high = fma(splat(2.0f / 15), square, line(2.0f / 11, 2.0f / 13, z));
  const Vec p = fma(high, square * square, cubic(2.0f / 3, 2.0f / 5, 2.0f / 7, 2.0f / 9, z, square));
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
  const Vec share = splat(1.0f) / (a + splat(2.5f));
  const Vec s = (a - splat(2.5f)) * share;
  const Vec two = s * s, four = two * two;
  const Vec high = fma(line(-0.000308764109f, -0.000156082198f, s), four,
                       cubic(-0.0163855962f, -0.00160135468f, 0.00252159592f, 0.00068424124f, s, two));
  const Vec p = fma(high, four, cubic(0.706656635f, -0.433692008f, 0.131986931f, 0.00923602469f, s, two));
  const Vec tail = p * share * e;
  return {e * splat(0.398942280f), select(greater(x, zero()), splat(1.0f) - tail, tail)};
}

/// 1 / (1 + e^-x).
static CNNATIVE_INLINE Vec sigmoid(Vec x) { return splat(1.0f) / (splat(1.0f) + exp(zero() - x)); }

/// tanh x: Lambert's continued fraction near zero (relative error below 1e-9), (e^2|x| - 1) / (e^2|x| + 1) up to where
/// it is 1.
static CNNATIVE_INLINE Vec tanh(Vec x) {
  const Vec a = min(splat(10.0f), abs(x)), z = x * x;
  const Vec e = exp(a + a);
  const Mask far = greater(a, splat(0.625f));
  const Vec above = select(far, copySign(e - splat(1.0f), x), x * fma(z, z + splat(105.0f), splat(945.0f)));
  const Vec below = select(far, e + splat(1.0f), fma(z, fma(z, splat(15.0f), splat(420.0f)), splat(945.0f)));
  return select(isNan(x), x, above / below);
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
