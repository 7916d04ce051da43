#include <cfloat>

#include "kernels/families.h"
#include "kernels/optimizer/products.h"
#include "kernels/optimizer/vectors.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

/// NaN stays NaN: min and max give their second operand then, and a diverged training must show.
CNNATIVE_INLINE Vec clamped(Vec g, Vec limit) { return min(limit, max(zero() - limit, g)); }

/// Descent in vectors.
struct Slope {
  Vec limit, factor, decay, keep;
  explicit Slope(const Descent<float>& d)
      : limit(splat(d.limit)), factor(splat(d.factor)), decay(splat(d.decay)), keep(splat(d.keep)) {}

  /// The gradient that the rule sees.
  Vec of(Vec w, Vec g) const { return fma(decay, w, clamped(g, limit) * factor); }
  /// keep * w - rate * step.
  Vec moved(Vec w, Vec minusRate, Vec step) const { return fma(minusRate, step, keep * w); }
};

void sgd(float* w, float* v, const float* g, int64_t n, const Descent<float>& d, const SgdRule<float>& rule) {
  const Slope slope(d);
  const Vec minusRate = splat(-rule.rate), momentum = splat(rule.momentum);
  eachVector(n, [&](int64_t i, const auto& at) {
    const Vec weight = at.load(w + i);
    Vec step = slope.of(weight, at.load(g + i));
    if (v) {
      const Vec velocity = fma(momentum, at.load(v + i), step);
      at.store(v + i, velocity);
      step = rule.nesterov ? fma(momentum, velocity, step) : velocity;
    }
    at.store(w + i, slope.moved(weight, minusRate, step));
  });
}

void rmsprop(float* w, float* s, float* a, float* v, const float* g, int64_t n, const Descent<float>& d,
             const RmspropRule<float>& rule) {
  const Slope slope(d);
  const Vec minusRate = splat(-rule.rate), rho = splat(rule.rho), rest = splat(rule.rest);
  const Vec epsilon = splat(rule.epsilon), momentum = splat(rule.momentum);
  eachVector(n, [&](int64_t i, const auto& at) {
    const Vec weight = at.load(w + i), x = slope.of(weight, at.load(g + i));
    Vec variance = fma(rho, at.load(s + i), rest * x * x);
    at.store(s + i, variance);
    if (a) {
      const Vec mean = fma(rho, at.load(a + i), rest * x);
      at.store(a + i, mean);
      variance = max(zero(), fma(zero() - mean, mean, variance));  // below zero by rounding
    }
    Vec step = x / (sqrt(variance) + epsilon);
    if (v) {
      step = fma(momentum, at.load(v + i), step);
      at.store(v + i, step);
    }
    at.store(w + i, slope.moved(weight, minusRate, step));
  });
}

void adagrad(float* w, float* s, const float* g, int64_t n, const Descent<float>& d, float rate, float initial,
             float epsilon) {
  const Slope slope(d);
  const Vec minusRate = splat(-rate), begin = splat(initial), e = splat(epsilon);
  eachVector(n, [&](int64_t i, const auto& at) {
    const Vec weight = at.load(w + i), x = slope.of(weight, at.load(g + i));
    const Vec sum = fma(x, x, at.load(s + i));
    at.store(s + i, sum);
    at.store(w + i, slope.moved(weight, minusRate, x / (sqrt(sum + begin) + e)));
  });
}

void adadelta(float* w, float* s, float* u, const float* g, int64_t n, const Descent<float>& d, float rate, float rho,
              float rest, float epsilon) {
  const Slope slope(d);
  const Vec minusRate = splat(-rate), old = splat(rho), young = splat(rest), e = splat(epsilon);
  eachVector(n, [&](int64_t i, const auto& at) {
    const Vec weight = at.load(w + i), x = slope.of(weight, at.load(g + i)), updates = at.load(u + i);
    const Vec squares = fma(old, at.load(s + i), young * x * x);
    const Vec step = sqrt(updates + e) / sqrt(squares + e) * x;
    at.store(s + i, squares);
    at.store(u + i, fma(old, updates, young * step * step));
    at.store(w + i, slope.moved(weight, minusRate, step));
  });
}

void adam(float* w, float* m, float* v, float* x, const float* g, int64_t n, const Descent<float>& d,
          const AdamRule<float>& rule) {
  const Slope slope(d);
  const Vec beta1 = splat(rule.beta1), rest1 = splat(rule.rest1), beta2 = splat(rule.beta2), rest2 = splat(rule.rest2);
  const Vec gradientRate = splat(rule.gradientRate), momentRate = splat(rule.momentRate);
  const Vec root = splat(rule.root), epsilon = splat(rule.epsilon), minusOne = splat(-1);
  eachVector(n, [&](int64_t i, const auto& at) {
    const Vec weight = at.load(w + i), gradient = slope.of(weight, at.load(g + i));
    const Vec mean = fma(beta1, at.load(m + i), rest1 * gradient);
    Vec squares = fma(beta2, at.load(v + i), rest2 * gradient * gradient);
    at.store(m + i, mean);
    at.store(v + i, squares);
    if (x) {
      squares = max(at.load(x + i), squares);
      at.store(x + i, squares);
    }
    const Vec step = fma(momentRate, mean, gradientRate * gradient) / fma(sqrt(squares), root, epsilon);
    at.store(w + i, slope.moved(weight, minusOne, step));
  });
}

void lion(float* w, float* m, const float* g, int64_t n, const Descent<float>& d, const LionRule<float>& rule) {
  const Slope slope(d);
  const Vec beta1 = splat(rule.beta1), rest1 = splat(rule.rest1), beta2 = splat(rule.beta2), rest2 = splat(rule.rest2);
  const Vec minusRate = splat(-rule.rate), one = splat(1);
  eachVector(n, [&](int64_t i, const auto& at) {
    const Vec weight = at.load(w + i), x = slope.of(weight, at.load(g + i)), mean = at.load(m + i);
    const Vec c = fma(beta1, mean, rest1 * x);
    // Zero and NaN are their own sign.
    const Vec sign = select(greater(abs(c), zero()), copySign(one, c), c);
    at.store(m + i, fma(beta2, mean, rest2 * x));
    at.store(w + i, slope.moved(weight, minusRate, sign));
  });
}

void gather(float* u, float* v, const float* g, int64_t n, float limit, float factor, float momentum, bool nesterov) {
  const Vec most = splat(limit), scale = splat(factor), old = splat(momentum);
  eachVector(n, [&](int64_t i, const auto& at) {
    const Vec x = clamped(at.load(g + i), most) * scale, velocity = fma(old, at.load(v + i), x);
    at.store(v + i, velocity);
    at.store(u + i, nesterov ? fma(old, velocity, x) : velocity);
  });
}

void step(float* w, const float* u, int64_t n, float keep, float rate) {
  const Vec kept = splat(keep), minusRate = splat(-rate);
  eachVector(
      n, [&](int64_t i, const auto& at) { at.store(w + i, fma(minusRate, at.load(u + i), kept * at.load(w + i))); });
}

// So few vectors are added in float, before their sum goes on in double.
constexpr int64_t kRun = 16;

/// Of finite elements whose squares, or the sum of these, float cannot hold.
double largeSquares(const float* g, int64_t n, float limit) {
  double total = 0;
  for (int64_t i = 0; i < n; i++) {
    const double x = g[i] > limit ? limit : g[i] < -limit ? -limit : g[i];
    total += x * x;
  }
  return total;
}

double squares(const float* g, int64_t n, float limit) {
  const Vec most = splat(limit);
  double total = 0;
  for (int64_t i = 0; i < n; i += kRun * kWidth) {
    const int64_t count = smaller(n - i, kRun * kWidth);
    Vec run = zero();
    eachVector(count, [&](int64_t j, const auto& at) {
      const Vec x = clamped(at.load(g + i + j), most);
      run = fma(x, x, run);
    });
    const float part = sum(run);
    total += part <= FLT_MAX ? part : largeSquares(g + i, count, limit);
  }
  return total;
}

void collect(float* sum, float* g, int64_t n, bool finish, float weight) {
  const Vec part = splat(weight);
  eachVector(n, [&](int64_t i, const auto& at) {
    const Vec total = at.load(sum + i) + at.load(g + i);
    if (finish) at.store(g + i, total * part);
    at.store(sum + i, finish ? zero() : total);
  });
}

void average(float* a, const float* w, int64_t n, float decay, float rest) {
  const Vec old = splat(decay), young = splat(rest);
  eachVector(n, [&](int64_t i, const auto& at) { at.store(a + i, fma(old, at.load(a + i), young * at.load(w + i))); });
}

void lookahead(float* slow, float* w, int64_t n, float alpha) {
  const Vec part = splat(alpha);
  eachVector(n, [&](int64_t i, const auto& at) {
    const Vec old = at.load(slow + i), now = fma(part, at.load(w + i) - old, old);
    at.store(slow + i, now);
    at.store(w + i, now);
  });
}

}  // namespace

const OptimizerKernels<float> optimizerKernels = {sgd,  rmsprop, adagrad, adadelta, adam,    lion,    gather,
                                                  step, product, outer,   squares,  collect, average, lookahead};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
