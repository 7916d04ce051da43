// Activations of one number: value(x), and gradient(d, known) = d f'(x) from y, or from x where a comment says so.
#pragma once

#include "kernels/scalar_math.h"

namespace cnnative::scalar {

template <class T>
struct Relu {
  static T value(T x, T) { return x < T(0) ? T(0) : x; }
  static T gradient(T d, T y, T) { return y <= T(0) ? T(0) : d; }
};

template <class T>
struct Relu6 {
  static T value(T x, T) { return x < T(0) ? T(0) : x > T(6) ? T(6) : x; }
  static T gradient(T d, T y, T) { return y == T(0) || y == T(6) ? T(0) : d; }
};

template <class T>
struct LeakyRelu {
  static T value(T x, T slope) { return x > T(0) ? x : x * slope; }
  static T gradient(T d, T y, T slope) { return y > T(0) ? d : d * slope; }
};

template <class T>
struct HardSigmoid {
  static T value(T x, T) { return Relu6<T>::value(x + T(3), T(0)) / T(6); }
  static T gradient(T d, T y, T) { return y == T(0) || y == T(1) ? T(0) : d / T(6); }
};

template <class T>
struct HardSwish {
  static T value(T x, T parameter) { return x * HardSigmoid<T>::value(x, parameter); }
  /// From x.
  static T gradient(T d, T x, T) {
    if (x <= T(-3)) return T(0);
    return x >= T(3) ? d : d * (x / T(3) + T(0.5));
  }
};

template <class T>
struct Softsign {
  static T value(T x, T) { return x / (T(1) + (x < T(0) ? -x : x)); }
  static T gradient(T d, T y, T) {
    const T root = T(1) - (y < T(0) ? -y : y);
    return d * (root * root);
  }
};

template <class T>
struct Sigmoid {
  static T value(T x, T) { return static_cast<T>(1 / (1 + exponential(-x))); }
  static T gradient(T d, T y, T) { return d * (y * (1 - y)); }
};

template <class T>
struct Tanh {
  static T value(T x, T) { return static_cast<T>(hyperbolicTangent(x)); }
  static T gradient(T d, T y, T) { return d * (1 - y * y); }
};

template <class T>
struct Elu {
  static T value(T x, T alpha) { return x > T(0) ? x : static_cast<T>(alpha * exponentialMinusOne(x)); }
  static T gradient(T d, T y, T alpha) { return y > T(0) ? d : d * (y + alpha); }
};

template <class T>
struct Selu {
  static constexpr double kScale = 1.0507009873554805, kProduct = 1.7580993408473766;
  static T value(T x, T) { return static_cast<T>(x > T(0) ? kScale * x : kProduct * exponentialMinusOne(x)); }
  static T gradient(T d, T y, T) { return d * (y > T(0) ? T(kScale) : y + T(kProduct)); }
};

template <class T>
struct Softplus {
  static T value(T x, T) {
    const double more = logarithmOfOnePlus(exponential(x < T(0) ? x : -x));
    return static_cast<T>(x > T(0) ? x + more : more);
  }
  static T gradient(T d, T y, T) { return static_cast<T>(d * -exponentialMinusOne(-y)); }
};

template <class T>
struct Silu {
  static T value(T x, T) { return static_cast<T>(x / (1 + exponential(-x))); }
  /// From x.
  static T gradient(T d, T x, T) {
    const double s = 1 / (1 + exponential(-x)), rest = 1 / (1 + exponential(x));
    return static_cast<T>(d * (s + x * (s * rest)));
  }
};

/// x n / (n + 2) with n = e^x (e^x + 2).
template <class T>
struct Mish {
  // From here on tanh(softplus(x)) is 1, and its slope is 0 because its denominator is infinite.
  static constexpr double kFar = 200;
  static double power(double x) { return exponential(x > kFar ? kFar : x); }
  static T value(T x, T) {
    const double e = power(x), n = e * (e + 2);
    return static_cast<T>(x * (n / (n + 2)));
  }
  /// From x.
  static T gradient(T d, T x, T) {
    const double e = power(x), n = e * (e + 2), below = n + 2;
    return static_cast<T>(d * (n / below + x * (4 * e * (1 + e) / (below * below))));
  }
};

template <class T>
struct Gelu {
  static T value(T x, T) { return static_cast<T>(x * normalProbability(x)); }
  /// From x.
  static T gradient(T d, T x, T) { return static_cast<T>(d * (normalProbability(x) + x * normalDensity(x))); }
};

template <class T>
struct GeluTanh {
  static constexpr double kA = 1.5957691216057308, kB = 0.07135481627260025;
  static double near(double x) { return x > 50 ? 50 : x < -50 ? -50 : x; }
  static double exponent(double x) { return x * (kA + kB * x * x); }
  static T value(T x, T) { return static_cast<T>(x / (1 + exponential(-exponent(near(x))))); }
  /// From x.
  static T gradient(T d, T x, T) {
    const double z = near(x), u = exponent(z);
    const double s = 1 / (1 + exponential(-u)), rest = 1 / (1 + exponential(u));
    return static_cast<T>(d * (s + x * (s * rest * (kA + 3 * kB * z * z))));
  }
};

}  // namespace cnnative::scalar
