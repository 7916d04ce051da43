// Contract of the optimizer family: elementwise updates of n weights w by their gradient g, and what is done to
// gradients and weights around them. State s, m, v, ... is read and written where it is given.
#pragma once

#include <cstdint>

namespace cnnative {

/// What every update does around its own rule: g = clamp(g, -limit, limit) * factor + decay * w before it, and w = keep
/// * w - what the rule says after.
template <class T>
struct Descent {
  T limit, factor, decay, keep;
};

template <class T>
struct SgdRule {
  T rate, momentum;
  bool nesterov;
};

template <class T>
struct RmspropRule {
  T rate, rho, rest, epsilon, momentum;  ///< rest = 1 - rho
};

/// The step is (gradientRate * g + momentRate * m) / (sqrt(v) * root + epsilon); rests are 1 - beta.
template <class T>
struct AdamRule {
  T gradientRate, momentRate, beta1, rest1, beta2, rest2, root, epsilon;
};

template <class T>
struct LionRule {
  T rate, beta1, rest1, beta2, rest2;
};

template <class T>
struct OptimizerKernels {
  /// v = momentum * v + g; step rate * v, or rate * (g + momentum * v) for Nesterov's. Without v: rate * g.
  void (*sgd)(T* w, T* v, const T* g, int64_t n, const Descent<T>& d, const SgdRule<T>& rule);
  /// s = rho * s + (1 - rho) * g^2; with a: a = rho * a + (1 - rho) * g, s - a^2 in place of s; r = g / (sqrt(s) +
  /// epsilon); with v: v = momentum * v + r, step rate * v; without: rate * r.
  void (*rmsprop)(T* w, T* s, T* a, T* v, const T* g, int64_t n, const Descent<T>& d, const RmspropRule<T>& rule);
  /// s = s + g^2; step rate * g / (sqrt(s + initial) + epsilon).
  void (*adagrad)(T* w, T* s, const T* g, int64_t n, const Descent<T>& d, T rate, T initial, T epsilon);
  /// s = rho * s + rest * g^2; r = sqrt(u + epsilon) / sqrt(s + epsilon) * g; u = rho * u + rest * r^2; step rate * r.
  void (*adadelta)(T* w, T* s, T* u, const T* g, int64_t n, const Descent<T>& d, T rate, T rho, T rest, T epsilon);
  /// m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2; with x: x = max(x, v) in place of v. Serves
  /// Adam, AdamW, AMSGrad and Nadam.
  void (*adam)(T* w, T* m, T* v, T* x, const T* g, int64_t n, const Descent<T>& d, const AdamRule<T>& rule);
  /// step rate * sign(beta1 * m + (1 - beta1) * g), then m = beta2 * m + (1 - beta2) * g.
  void (*lion)(T* w, T* m, const T* g, int64_t n, const Descent<T>& d, const LionRule<T>& rule);

  /// v = momentum * v + g; u = v, or g + momentum * v. g as Descent says, without w.
  void (*gather)(T* u, T* v, const T* g, int64_t n, T limit, T factor, T momentum, bool nesterov);
  /// w = keep * w - rate * u.
  void (*step)(T* w, const T* u, int64_t n, T keep, T rate);
  /// C[m, n] = plain * D + product * A B, where A[m, k] has rows of `k`, B[k, n], C, D rows of n. D may be null.
  void (*product)(T* c, const T* d, const T* a, const T* b, int64_t m, int64_t n, int64_t k, T plain, T product);
  /// C[m, n] = A B^T: A[m, k], B[n, k].
  void (*outer)(T* c, const T* a, const T* b, int64_t m, int64_t n, int64_t k);

  /// The sum of clamp(g, -limit, limit)^2, in double.
  double (*squares)(const T* g, int64_t n, T limit);
  /// sum += g; or, to finish, g = (sum + g) * weight and sum = 0.
  void (*collect)(T* sum, T* g, int64_t n, bool finish, T weight);
  /// a = decay * a + (1 - decay) * w.
  void (*average)(T* a, const T* w, int64_t n, T decay, T rest);
  /// slow += alpha * (w - slow); w = slow.
  void (*lookahead)(T* slow, T* w, int64_t n, T alpha);
};

}  // namespace cnnative
