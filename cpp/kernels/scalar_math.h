// exp, log, tanh and their kin of one number, computed in double whatever T is: exact to a few units in the last place
// of a double, and the same bits on every CPU, which libm does not promise.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace cnnative::scalar {

inline double powerOfTwo(int64_t n) {
  const uint64_t bits = static_cast<uint64_t>(n + 1023) << 52;
  double result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}

/// e^x: x = n ln 2 + r, and the Taylor series of e^r up to r^13.
inline double exponential(double x) {
  if (x != x) return x;
  if (x > 709.0) return HUGE_VAL;
  if (x < -708.0) return 0.0;
  const double n = std::floor(x * 1.4426950408889634 + 0.5);
  const double r = (x - n * 0.6931471803691238) - n * 1.9082149292705877e-10;
  double term = 1.0, sum = 1.0;
  for (int i = 1; i <= 13; i++) {
    term *= r / i;
    sum += term;
  }
  return sum * powerOfTwo(static_cast<int64_t>(n));
}

/// ln x for positive x: x = 2^e m with m in [sqrt(1/2), sqrt(2)), ln m = 2 atanh((m - 1) / (m + 1)) up to the 25th
/// power.
inline double logarithm(double x) {
  if (!(x > 0.0) || x == HUGE_VAL) return x == 0.0 ? -HUGE_VAL : x;
  int e;
  double m = std::frexp(x, &e);
  if (m < 0.7071067811865476) m *= 2, e -= 1;
  const double s = (m - 1) / (m + 1), z = s * s;
  double sum = 0.0;
  for (int i = 25; i >= 3; i -= 2) sum = (sum + 1.0 / i) * z;
  return e * 0.6931471805599453 + 2 * s * (1 + sum);
}

/// e^x - 1: its series near zero, where the difference would cancel.
inline double exponentialMinusOne(double x) {
  if (!(x > -0.6 && x < 0.6)) return exponential(x) - 1;
  double term = x, sum = x;
  for (int i = 2; i <= 20; i++) {
    term *= x / i;
    sum += term;
  }
  return sum;
}

/// ln(1 + x) for x >= 0; the factor makes up for what 1 + x has lost of x (Kahan).
inline double logarithmOfOnePlus(double x) {
  const double whole = 1 + x;
  return whole == 1 ? x : logarithm(whole) * (x / (whole - 1));
}

inline double hyperbolicTangent(double x) {
  if (x != x) return x;
  const double a = x < 0 ? -x : x;
  double result;
  if (a < 0.3) {
    const double difference = exponentialMinusOne(2 * a);
    result = difference / (difference + 2);
  } else {
    result = 1 - 2 / (exponential(2 * a) + 1);
  }
  return x < 0 ? -result : result;
}

/// Density of the standard normal distribution.
inline double normalDensity(double x) { return 0.3989422804014327 * exponential(-0.5 * x * x); }

/// The probability of a value below x: up to |x| = 2.5 as 1/2 + density (x + x^3 / 3 + x^5 / (3 5) + ...), and beyond
/// by Laplace's continued fraction density / (x + 1 / (x + 2 / (x + 3 / ...))).
inline double normalProbability(double x) {
  if (x != x) return x;
  const double a = x < 0 ? -x : x;
  if (a < 2.5) {
    double term = x, sum = x;
    for (int i = 3; i <= 81; i += 2) {
      term *= x * x / i;
      sum += term;
    }
    return 0.5 + normalDensity(x) * sum;
  }
  double below = a;
  for (int i = 80; i >= 1; i--) below = a + i / below;
  const double tail = normalDensity(a) / below;
  return x < 0 ? tail : 1 - tail;
}

/// Quotients of neighbouring terms in the Taylor series of cos and sin: to multiply by, for dividing would take most of
/// the time.
struct TurnSeries {
  static constexpr int kTerms = 9;
  double cosine[kTerms] = {}, sine[kTerms] = {};

  constexpr TurnSeries() {
    for (int k = 0; k < kTerms; k++) {
      const int i = 2 * (k + 1);
      cosine[k] = 1.0 / (i * (i - 1)), sine[k] = 1.0 / (i * (i + 1));
    }
  }
};
inline constexpr TurnSeries kTurnSeries;

/// cos and sin of 2 pi t for any t: the nearest quarter turn exactly, and the Taylor series of the rest up to x^19.
inline void turn(double t, double* cosine, double* sine) {
  const double quarter = std::floor(4 * t + 0.5), x = (t - quarter / 4) * 6.283185307179586, z = x * x;
  double c = 1, s = 1;
  for (int k = TurnSeries::kTerms - 1; k >= 0; k--) {
    c = 1 - c * (z * kTurnSeries.cosine[k]);
    s = 1 - s * (z * kTurnSeries.sine[k]);
  }
  s *= x;
  const int q = static_cast<int>(quarter) & 3;
  *cosine = q == 0 ? c : q == 1 ? -s : q == 2 ? -c : s;
  *sine = q == 0 ? s : q == 1 ? c : q == 2 ? -s : -c;
}

}  // namespace cnnative::scalar
