#include <algorithm>

#include "kernels/families.h"
#include "kernels/scalar_math.h"

namespace cnnative::scalar {

namespace {

double inversePower(double base, double beta) { return exponential(-beta * logarithm(base)); }

template <class T>
T baseOf(const T* x, const ResponseNorm& s, int64_t c) {
  T squares = 0;
  for (int64_t other = std::max<int64_t>(0, c - s.before); other <= std::min(s.channels - 1, c + s.after); other++) {
    const T value = x[other * s.pixels * kLanes];
    squares += value * value;
  }
  return static_cast<T>(s.k) + static_cast<T>(s.alpha) * squares;
}

template <class T>
void forward(T* y, const T* x, const ResponseNorm& s, int64_t first, int64_t last) {
  const int64_t n = s.pixels * kLanes;
  for (int64_t c = first; c < last; c++) {
    for (int64_t i = 0; i < n; i++) {
      y[c * n + i] = static_cast<T>(x[c * n + i] * inversePower(baseOf(x + i, s, c), s.beta));
    }
  }
}

template <class T>
void backward(T* dx, const T* dy, const T* x, const ResponseNorm& s, int64_t first, int64_t last, T* scratch) {
  const int64_t n = s.pixels * kLanes;
  const T factor = static_cast<T>(2 * s.alpha * s.beta);
  const int64_t from = std::max<int64_t>(0, first - s.after), to = std::min(s.channels, last + s.before);
  for (int64_t i = 0; i < n; i++) {
    for (int64_t c = from; c < to; c++) {
      const int64_t at = c * n + i;
      const T base = baseOf(x + i, s, c), direct = static_cast<T>(dy[at] * inversePower(base, s.beta));
      if (c >= first && c < last) dx[at] = direct;
      scratch[c] = direct * x[at] / base;
    }
    for (int64_t c = first; c < last; c++) {
      T sum = 0;
      for (int64_t other = std::max<int64_t>(0, c - s.after); other <= std::min(s.channels - 1, c + s.before); other++)
        sum += scratch[other];
      dx[c * n + i] -= factor * x[c * n + i] * sum;
    }
  }
}

}  // namespace

template <class T>
const ResponseNormKernels<T>& responseNormKernels() {
  static const ResponseNormKernels<T> table = {forward<T>, backward<T>};
  return table;
}
template const ResponseNormKernels<float>& responseNormKernels();
template const ResponseNormKernels<double>& responseNormKernels();

}  // namespace cnnative::scalar
