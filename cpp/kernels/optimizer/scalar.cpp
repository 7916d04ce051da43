#include <cmath>

#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

/// NaN stays NaN: a diverged training must show.
template <class T>
T clamped(T g, T limit) {
  return g > limit ? limit : g < -limit ? -limit : g;
}

template <class T>
T descent(T w, T g, const Descent<T>& d) {
  return clamped(g, d.limit) * d.factor + d.decay * w;
}

template <class T>
void sgd(T* w, T* v, const T* g, int64_t n, const Descent<T>& d, const SgdRule<T>& rule) {
  for (int64_t i = 0; i < n; i++) {
    T step = descent(w[i], g[i], d);
    if (v) {
      v[i] = rule.momentum * v[i] + step;
      step = rule.nesterov ? step + rule.momentum * v[i] : v[i];
    }
    w[i] = d.keep * w[i] - rule.rate * step;
  }
}

template <class T>
void rmsprop(T* w, T* s, T* a, T* v, const T* g, int64_t n, const Descent<T>& d, const RmspropRule<T>& rule) {
  for (int64_t i = 0; i < n; i++) {
    const T slope = descent(w[i], g[i], d);
    s[i] = rule.rho * s[i] + rule.rest * slope * slope;
    T variance = s[i];
    if (a) {
      a[i] = rule.rho * a[i] + rule.rest * slope;
      variance -= a[i] * a[i];
      if (variance < 0) variance = 0;  // by rounding
    }
    T step = slope / (std::sqrt(variance) + rule.epsilon);
    if (v) step = v[i] = rule.momentum * v[i] + step;
    w[i] = d.keep * w[i] - rule.rate * step;
  }
}

template <class T>
void adagrad(T* w, T* s, const T* g, int64_t n, const Descent<T>& d, T rate, T initial, T epsilon) {
  for (int64_t i = 0; i < n; i++) {
    const T slope = descent(w[i], g[i], d);
    s[i] += slope * slope;
    w[i] = d.keep * w[i] - rate * slope / (std::sqrt(s[i] + initial) + epsilon);
  }
}

template <class T>
void adadelta(T* w, T* s, T* u, const T* g, int64_t n, const Descent<T>& d, T rate, T rho, T rest, T epsilon) {
  for (int64_t i = 0; i < n; i++) {
    const T slope = descent(w[i], g[i], d);
    s[i] = rho * s[i] + rest * slope * slope;
    const T step = std::sqrt(u[i] + epsilon) / std::sqrt(s[i] + epsilon) * slope;
    u[i] = rho * u[i] + rest * step * step;
    w[i] = d.keep * w[i] - rate * step;
  }
}

template <class T>
void adam(T* w, T* m, T* v, T* x, const T* g, int64_t n, const Descent<T>& d, const AdamRule<T>& rule) {
  for (int64_t i = 0; i < n; i++) {
    const T slope = descent(w[i], g[i], d);
    m[i] = rule.beta1 * m[i] + rule.rest1 * slope;
    v[i] = rule.beta2 * v[i] + rule.rest2 * slope * slope;
    T squares = v[i];
    if (x) {
      if (!(squares < x[i])) x[i] = squares;
      squares = x[i];
    }
    const T step = rule.gradientRate * slope + rule.momentRate * m[i];
    w[i] = d.keep * w[i] - step / (std::sqrt(squares) * rule.root + rule.epsilon);
  }
}

template <class T>
void lion(T* w, T* m, const T* g, int64_t n, const Descent<T>& d, const LionRule<T>& rule) {
  for (int64_t i = 0; i < n; i++) {
    const T slope = descent(w[i], g[i], d);
    const T c = rule.beta1 * m[i] + rule.rest1 * slope;
    const T sign = c > 0 ? T(1) : c < 0 ? T(-1) : c;  // NaN stays NaN
    m[i] = rule.beta2 * m[i] + rule.rest2 * slope;
    w[i] = d.keep * w[i] - rule.rate * sign;
  }
}

template <class T>
void gather(T* u, T* v, const T* g, int64_t n, T limit, T factor, T momentum, bool nesterov) {
  for (int64_t i = 0; i < n; i++) {
    const T slope = clamped(g[i], limit) * factor;
    v[i] = momentum * v[i] + slope;
    u[i] = nesterov ? slope + momentum * v[i] : v[i];
  }
}

template <class T>
void step(T* w, const T* u, int64_t n, T keep, T rate) {
  for (int64_t i = 0; i < n; i++) w[i] = keep * w[i] - rate * u[i];
}

template <class T>
void product(T* c, const T* d, const T* a, const T* b, int64_t m, int64_t n, int64_t k, T plain, T product) {
  for (int64_t i = 0; i < m; i++) {
    for (int64_t j = 0; j < n; j++) {
      T sum = 0;
      for (int64_t l = 0; l < k; l++) sum += a[i * k + l] * b[l * n + j];
      c[i * n + j] = (d ? plain * d[i * n + j] : T(0)) + product * sum;
    }
  }
}

template <class T>
void outer(T* c, const T* a, const T* b, int64_t m, int64_t n, int64_t k) {
  for (int64_t i = 0; i < m; i++) {
    for (int64_t j = 0; j < n; j++) {
      T sum = 0;
      for (int64_t l = 0; l < k; l++) sum += a[i * k + l] * b[j * k + l];
      c[i * n + j] = sum;
    }
  }
}

template <class T>
double squares(const T* g, int64_t n, T limit) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    const double value = clamped(g[i], limit);
    sum += value * value;
  }
  return sum;
}

template <class T>
void collect(T* sum, T* g, int64_t n, bool finish, T weight) {
  for (int64_t i = 0; i < n; i++) {
    const T total = sum[i] + g[i];
    if (finish) g[i] = total * weight;
    sum[i] = finish ? T(0) : total;
  }
}

template <class T>
void average(T* a, const T* w, int64_t n, T decay, T rest) {
  for (int64_t i = 0; i < n; i++) a[i] = decay * a[i] + rest * w[i];
}

template <class T>
void lookahead(T* slow, T* w, int64_t n, T alpha) {
  for (int64_t i = 0; i < n; i++) w[i] = slow[i] += alpha * (w[i] - slow[i]);
}

}  // namespace

template <class T>
const OptimizerKernels<T>& optimizerKernels() {
  static const OptimizerKernels<T> table = {sgd<T>,     rmsprop<T>, adagrad<T>, adadelta<T>, adam<T>,
                                            lion<T>,    gather<T>,  step<T>,    product<T>,  outer<T>,
                                            squares<T>, collect<T>, average<T>, lookahead<T>};
  return table;
}
template const OptimizerKernels<float>& optimizerKernels();
template const OptimizerKernels<double>& optimizerKernels();

}  // namespace cnnative::scalar
