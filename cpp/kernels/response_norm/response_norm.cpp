// Local response normalisation, written once for every instruction set.
#include "kernels/response_norm/response_norm.h"

#include "kernels/families.h"
#include "simd/math.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// base^-beta: by roots alone for the usual exponents, which is quicker and closer than the logarithm.
enum class Power { half, threeQuarters, one, any };

Power powerOf(double beta) {
  return beta == 0.5 ? Power::half : beta == 0.75 ? Power::threeQuarters : beta == 1 ? Power::one : Power::any;
}

template <Power P>
CNNATIVE_INLINE Vec inversePower(Vec base, Vec beta) {
  if (P == Power::any) return exp(zero() - beta * log(base));
  if (P == Power::one) return splat(1.0f) / base;
  const Vec root = sqrt(base);
  return splat(1.0f) / (P == Power::half ? root : root * sqrt(root));
}

template <Power P>
void forwardBy(float* y, float* base, const float* x, const ResponseNorm& s, int64_t first, int64_t last) {
  const int64_t n = s.pixels * kLanes;
  const Vec k = splat(static_cast<float>(s.k)), alpha = splat(static_cast<float>(s.alpha));
  const Vec beta = splat(static_cast<float>(s.beta));
  for (int64_t c = first; c < last; c++) {
    const int64_t from = larger(0, c - s.before), to = smaller(s.channels - 1, c + s.after);
    for (int64_t i = 0; i < n; i += kWidth) {
      Vec squares = zero();
      for (int64_t other = from; other <= to; other++) {
        const Vec value = load(x + other * n + i);
        squares = fma(value, value, squares);
      }
      const Vec own = fma(squares, alpha, k);
      if (base) store(base + c * n + i, own);
      store(y + c * n + i, load(x + c * n + i) * inversePower<P>(own, beta));
    }
  }
}

template <Power P>
void backwardBy(float* dx, const float* dy, const float* x, const float* y, const float* base, const ResponseNorm& s,
                int64_t first, int64_t last) {
  const int64_t n = s.pixels * kLanes;
  const Vec beta = splat(static_cast<float>(s.beta));
  const Vec factor = splat(static_cast<float>(-2 * s.alpha * s.beta));
  for (int64_t c = first; c < last; c++) {
    const int64_t from = larger(0, c - s.after), to = smaller(s.channels - 1, c + s.before);
    for (int64_t i = 0; i < n; i += kWidth) {
      Vec sum = zero();
      for (int64_t at = from * n + i; at <= to * n + i; at += n) {
        sum = sum + load(dy + at) * load(y + at) / load(base + at);
      }
      const int64_t at = c * n + i;
      store(dx + at, fma(load(dy + at), inversePower<P>(load(base + at), beta), factor * load(x + at) * sum));
    }
  }
}

void forward(float* y, float* base, const float* x, const ResponseNorm& s, int64_t first, int64_t last) {
  switch (powerOf(s.beta)) {
    case Power::half:
      return forwardBy<Power::half>(y, base, x, s, first, last);
    case Power::threeQuarters:
      return forwardBy<Power::threeQuarters>(y, base, x, s, first, last);
    case Power::one:
      return forwardBy<Power::one>(y, base, x, s, first, last);
    default:
      return forwardBy<Power::any>(y, base, x, s, first, last);
  }
}

void backward(float* dx, const float* dy, const float* x, const float* y, const float* base, const ResponseNorm& s,
              int64_t first, int64_t last) {
  switch (powerOf(s.beta)) {
    case Power::half:
      return backwardBy<Power::half>(dx, dy, x, y, base, s, first, last);
    case Power::threeQuarters:
      return backwardBy<Power::threeQuarters>(dx, dy, x, y, base, s, first, last);
    case Power::one:
      return backwardBy<Power::one>(dx, dy, x, y, base, s, first, last);
    default:
      return backwardBy<Power::any>(dx, dy, x, y, base, s, first, last);
  }
}

}  // namespace

const ResponseNormKernels<float> responseNormKernels = {forward, backward};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
