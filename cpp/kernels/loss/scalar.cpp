#include "kernels/families.h"
#include "kernels/scalar_math.h"

namespace cnnative::scalar {

namespace {

struct Element {
  double value, derivative;
};

template <class T, class F>
void each(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, int64_t features, const F& f) {
  for (int l = 0; l < kLanes; l++) {
    double sum = 0;
    for (int64_t i = l; i < features * kLanes; i += kLanes) {
      const Element e = f(static_cast<double>(x[i]), static_cast<double>(t[i]));
      sum += e.value;
      if (dx) dx[i] = static_cast<T>(scales.w[l] * scales.gradient * e.derivative);
    }
    loss[l] = static_cast<T>(scales.w[l] * scales.loss * sum);
  }
}

// NaN passes.
double clamp(double x, double least, double most) { return x < least ? least : x > most ? most : x; }

double ownEntropy(double t) { return t == 0 ? 0 : t * logarithm(t); }

template <class T>
void squaredError(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, T, int64_t features) {
  each(loss, dx, x, t, scales, features, [](double p, double q) { return Element{(p - q) * (p - q), 2 * (p - q)}; });
}

template <class T>
void absoluteError(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, T, int64_t features) {
  each(loss, dx, x, t, scales, features, [](double p, double q) {
    const double d = p - q;
    return Element{d < 0 ? -d : d, d > 0 ? 1.0 : d < 0 ? -1.0 : d};
  });
}

template <class T>
void huber(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, T delta, int64_t features) {
  const double bound = static_cast<double>(delta);
  each(loss, dx, x, t, scales, features, [bound](double p, double q) {
    const double slope = clamp(p - q, -bound, bound);
    return Element{slope * (p - q - 0.5 * slope), slope};
  });
}

template <class T>
void hinge(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, T, int64_t features) {
  each(loss, dx, x, t, scales, features, [](double p, double q) {
    const double margin = 1 - p * q;
    return margin <= 0 ? Element{0, 0} : Element{margin, margin > 0 ? -q : margin};
  });
}

template <class T>
void logistic(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, T, int64_t features) {
  each(loss, dx, x, t, scales, features, [](double z, double q) {
    const double above = z < 0 ? 0 : z, magnitude = z < 0 ? -z : z;
    return Element{above - z * q + logarithmOfOnePlus(exponential(-magnitude)), 1 / (1 + exponential(-z)) - q};
  });
}

template <class T>
void binary(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, T, int64_t features) {
  each(loss, dx, x, t, scales, features, [](double given, double q) {
    const double p = clamp(given, kLeastProbability, 1 - kLeastProbability);
    const double value = -(q * logarithm(p) + (1 - q) * logarithm(1 - p));
    const bool outside = given < kLeastProbability || given > 1 - kLeastProbability;
    return Element{value, outside ? 0 : (p - q) / (p * (1 - p))};
  });
}

template <class T>
void negativeLog(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, T, int64_t features) {
  each(loss, dx, x, t, scales, features, [](double given, double q) {
    const bool outside = given < kLeastProbability;
    const double p = outside ? kLeastProbability : given;
    return Element{-q * logarithm(p), outside ? 0 : -q / p};
  });
}

template <class T>
void divergence(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, T, int64_t features) {
  each(loss, dx, x, t, scales, features, [](double given, double q) {
    const bool outside = given < kLeastProbability;
    const double p = outside ? kLeastProbability : given;
    return Element{ownEntropy(q) - q * logarithm(p), outside ? 0 : -q / p};
  });
}

template <class T>
void crossEntropy(T* loss, T* dx, const T* x, const T* t, const LossScales<T>& scales, bool relative, int64_t classes) {
  const int64_t elements = classes * kLanes;
  for (int l = 0; l < kLanes; l++) {
    double top = static_cast<double>(x[l]);
    for (int64_t i = l; i < elements; i += kLanes) top = static_cast<double>(x[i]) > top ? x[i] : top;
    double sum = 0, weight = 0, total = 0;
    for (int64_t i = l; i < elements; i += kLanes) {
      sum += exponential(x[i] - top);
      weight += t[i];
      // Nothing times a logit infinitely far below is nothing.
      total += (t[i] == 0 ? 0 : t[i] * (top - x[i])) + (relative ? ownEntropy(t[i]) : 0);
    }
    loss[l] = static_cast<T>(scales.w[l] * scales.loss * (total + weight * logarithm(sum)));
    for (int64_t i = l; dx && i < elements; i += kLanes) {
      dx[i] = static_cast<T>(scales.w[l] * scales.gradient * (weight * (exponential(x[i] - top) / sum) - t[i]));
    }
  }
}

}  // namespace

template <class T>
const LossKernels<T>& lossKernels() {
  static const LossKernels<T> table = {squaredError<T>, absoluteError<T>, huber<T>,      hinge<T>,       logistic<T>,
                                       binary<T>,       negativeLog<T>,   divergence<T>, crossEntropy<T>};
  return table;
}
template const LossKernels<float>& lossKernels();
template const LossKernels<double>& lossKernels();

}  // namespace cnnative::scalar
