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

CNNATIVE_INLINE Vec baseOf(const float* x, const ResponseNorm& s, int64_t c, Vec alpha, Vec k) {
  const int64_t n = s.pixels * kLanes, to = smaller(s.channels - 1, c + s.after);
  Vec squares = zero();
  for (int64_t other = larger(0, c - s.before); other <= to; other++) {
    const Vec value = load(x + other * n);
    squares = fma(value, value, squares);
  }
  return fma(squares, alpha, k);
}

template <Power P>
void forwardBy(float* y, const float* x, const ResponseNorm& s, int64_t first, int64_t last) {
  const int64_t n = s.pixels * kLanes;
  const Vec k = splat(static_cast<float>(s.k)), alpha = splat(static_cast<float>(s.alpha));
  const Vec beta = splat(static_cast<float>(s.beta));
  for (int64_t strip = 0; strip < n; strip += kResponseStrip) {
    const int64_t end = smaller(n, strip + kResponseStrip);
    for (int64_t c = first; c < last; c++) {
      for (int64_t i = c * n + strip; i < c * n + end; i += kWidth) {
        prefetch<false>(x + i + kResponseStrip);
        store(y + i, load(x + i) * inversePower<P>(baseOf(x + i - c * n, s, c, alpha, k), beta));
      }
    }
  }
}

template <Power P>
void backwardBy(float* dx, const float* dy, const float* x, const ResponseNorm& s, int64_t first, int64_t last,
                float* scratch) {
  const int64_t n = s.pixels * kLanes;
  const Vec k = splat(static_cast<float>(s.k)), alpha = splat(static_cast<float>(s.alpha));
  const Vec beta = splat(static_cast<float>(s.beta));
  const Vec factor = splat(static_cast<float>(-2 * s.alpha * s.beta));
  // Channels whose windows hold one of first..last.
  const int64_t from = larger(0, first - s.after), to = smaller(s.channels, last + s.before);
  for (int64_t strip = 0; strip < n; strip += kResponseStrip) {
    const int64_t length = smaller(n - strip, kResponseStrip);
    // dy / base^beta goes to dx where it is of this part, dy y / base to scratch.
    for (int64_t c = from; c < to; c++) {
      const int64_t plane = c * n + strip;
      for (int64_t i = 0; i < length; i += kWidth) {
        prefetch<false>(x + plane + i + kResponseStrip);
        prefetch<false>(dy + plane + i + kResponseStrip);
        const Vec base = baseOf(x + strip + i, s, c, alpha, k);
        const Vec direct = load(dy + plane + i) * inversePower<P>(base, beta);
        if (c >= first && c < last) store(dx + plane + i, direct);
        store(scratch + c * kResponseStrip + i, direct * load(x + plane + i) / base);
      }
    }
    for (int64_t c = first; c < last; c++) {
      const int64_t plane = c * n + strip, end = smaller(s.channels - 1, c + s.before);
      for (int64_t i = 0; i < length; i += kWidth) {
        Vec sum = zero();
        for (int64_t other = larger(0, c - s.after); other <= end; other++) {
          sum = sum + load(scratch + other * kResponseStrip + i);
        }
        store(dx + plane + i, fma(factor * load(x + plane + i), sum, load(dx + plane + i)));
      }
    }
  }
}

void forward(float* y, const float* x, const ResponseNorm& s, int64_t first, int64_t last) {
  switch (powerOf(s.beta)) {
    case Power::half:
      return forwardBy<Power::half>(y, x, s, first, last);
    case Power::threeQuarters:
      return forwardBy<Power::threeQuarters>(y, x, s, first, last);
    case Power::one:
      return forwardBy<Power::one>(y, x, s, first, last);
    default:
      return forwardBy<Power::any>(y, x, s, first, last);
  }
}

void backward(float* dx, const float* dy, const float* x, const ResponseNorm& s, int64_t first, int64_t last,
              float* scratch) {
  switch (powerOf(s.beta)) {
    case Power::half:
      return backwardBy<Power::half>(dx, dy, x, s, first, last, scratch);
    case Power::threeQuarters:
      return backwardBy<Power::threeQuarters>(dx, dy, x, s, first, last, scratch);
    case Power::one:
      return backwardBy<Power::one>(dx, dy, x, s, first, last, scratch);
    default:
      return backwardBy<Power::any>(dx, dy, x, s, first, last, scratch);
  }
}

}  // namespace

const ResponseNormKernels<float> responseNormKernels = {forward, backward};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
