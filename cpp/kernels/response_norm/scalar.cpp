#include <algorithm>

#include "kernels/families.h"
#include "kernels/scalar_math.h"

namespace cnnative::scalar {

namespace {

double inversePower(double base, double beta) { return exponential(-beta * logarithm(base)); }

template <class T>
void forward(T* y, T* base, const T* x, const ResponseNorm& s, int64_t first, int64_t last) {
  const int64_t n = s.pixels * kLanes;
  for (int64_t c = first; c < last; c++) {
    const int64_t from = std::max<int64_t>(0, c - s.before), to = std::min(s.channels - 1, c + s.after);
    for (int64_t i = 0; i < n; i++) {
      T squares = 0;
      for (int64_t other = from; other <= to; other++) squares += x[other * n + i] * x[other * n + i];
      const T own = static_cast<T>(s.k) + static_cast<T>(s.alpha) * squares;
      if (base) base[c * n + i] = own;
      y[c * n + i] = static_cast<T>(x[c * n + i] * inversePower(own, s.beta));
    }
  }
}

template <class T>
void backward(T* dx, const T* dy, const T* x, const T* y, const T* base, const ResponseNorm& s, int64_t first,
              int64_t last) {
  const int64_t n = s.pixels * kLanes;
  const T factor = static_cast<T>(2 * s.alpha * s.beta);
  for (int64_t c = first; c < last; c++) {
    const int64_t from = std::max<int64_t>(0, c - s.after), to = std::min(s.channels - 1, c + s.before);
    for (int64_t i = 0; i < n; i++) {
      T sum = 0;
      for (int64_t at = from * n + i; at <= to * n + i; at += n) sum += dy[at] * y[at] / base[at];
      const int64_t at = c * n + i;
      dx[at] = static_cast<T>(dy[at] * inversePower(base[at], s.beta)) - factor * x[at] * sum;
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
