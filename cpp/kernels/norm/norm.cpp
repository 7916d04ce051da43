// Batch normalisation with lanes over the batch, written once for every instruction set.
#include "kernels/families.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Sum of the first `count` lanes.
float sumOf(const Vec (&v)[kVecs], int64_t count) {
  float lanes[kLanes], total = 0;
  for (int i = 0; i < kVecs; i++) store(lanes + i * kWidth, v[i]);
  for (int64_t l = 0; l < count; l++) total += lanes[l];
  return total;
}

// Calls visit(offset) for every vector of a plane, and sums what it gives lane by lane, in two chains.
template <class Visit>
CNNATIVE_INLINE void sumPlane(Vec (&total)[kVecs], int64_t pixels, const Visit& visit) {
  for (int i = 0; i < kVecs; i++) {
    Vec chain[2] = {zero(), zero()};
    int64_t p = 0;
    for (; p + 2 <= pixels; p += 2) {
      chain[0] = visit(p * kLanes + i * kWidth, chain[0]);
      chain[1] = visit((p + 1) * kLanes + i * kWidth, chain[1]);
    }
    if (p < pixels) chain[0] = visit(p * kLanes + i * kWidth, chain[0]);
    total[i] = chain[0] + chain[1];
  }
}

void moments(float* moments, const float* x, int64_t count, int64_t channels, int64_t pixels) {
  // Two passes, the second from the cache: sums of squares alone would cancel.
  for (int64_t c = 0; c < channels; c++, x += pixels * kLanes, moments += 2) {
    Vec sums[kVecs];
    sumPlane(sums, pixels, [&](int64_t at, Vec sum) { return sum + load(x + at); });
    const float mean = sumOf(sums, count) / static_cast<float>(count * pixels);
    const Vec center = splat(mean);
    sumPlane(sums, pixels, [&](int64_t at, Vec sum) {
      const Vec deviation = load(x + at) - center;
      return fma(deviation, deviation, sum);
    });
    moments[0] = mean;
    moments[1] = sumOf(sums, count);
  }
}

template <bool Add, bool Relu>
void applyPlane(float* y, const float* x, const float* addend, Vec scale, Vec shift, int64_t n) {
  for (int64_t i = 0; i < n; i += kWidth) {
    Vec v = fma(load(x + i), scale, shift);
    if (Add) v = v + load(addend + i);
    store(y + i, Relu ? max(zero(), v) : v);
  }
}

void apply(float* y, const float* x, const float* addend, const float* scale, const float* shift, bool relu,
           int64_t channels, int64_t pixels) {
  const auto plane = addend ? (relu ? applyPlane<true, true> : applyPlane<true, false>)
                            : (relu ? applyPlane<false, true> : applyPlane<false, false>);
  const int64_t n = pixels * kLanes;
  for (int64_t c = 0; c < channels; c++) {
    plane(y + c * n, x + c * n, addend ? addend + c * n : nullptr, splat(scale[c]), splat(shift[c]), n);
  }
}

template <bool Relu>
void sumsPlane(float* sums, float* masked, const float* dy, const float* x, const float* y, Vec mean, int64_t n) {
  Vec sum[kVecs], product[kVecs];
  for (int v = 0; v < kVecs; v++) {
    sum[v] = product[v] = zero();
    for (int64_t i = v * kWidth; i < n; i += kLanes) {
      Vec d = load(dy + i);
      if (Relu) {
        const Vec f = load(y + i);
        d = select(greater(f, zero()) | isNan(f), d, zero());
        store(masked + i, d);
      }
      sum[v] = sum[v] + d;
      product[v] = fma(d, load(x + i) - mean, product[v]);
    }
  }
  sums[0] = sumOf(sum, kLanes);  // absent lanes have dy = 0
  sums[1] = sumOf(product, kLanes);
}

void gradientSums(float* sums, float* masked, const float* dy, const float* x, const float* y, const float* mean,
                  int64_t channels, int64_t pixels) {
  const int64_t n = pixels * kLanes;
  for (int64_t c = 0; c < channels; c++, sums += 2) {
    if (y) {
      sumsPlane<true>(sums, masked + c * n, dy + c * n, x + c * n, y + c * n, splat(mean[c]), n);
    } else {
      sumsPlane<false>(sums, nullptr, dy + c * n, x + c * n, nullptr, splat(mean[c]), n);
    }
  }
}

void gradientApply(float* dx, const float* dy, const float* x, const float* a, const float* b, const float* c,
                   int64_t count, int64_t channels, int64_t pixels) {
  float present[kLanes];
  for (int64_t l = 0; l < kLanes; l++) present[l] = l < count ? 1.0f : 0.0f;
  const int64_t n = pixels * kLanes;
  for (int64_t k = 0; k < channels; k++, dx += n, dy += n, x += n) {
    const Vec va = splat(a[k]), vb = splat(b[k]), vc = splat(c[k]);
    for (int v = 0; v < kLanes; v += kWidth) {
      const Mask real = greater(load(present + v), zero());
      for (int64_t i = v; i < n; i += kLanes) {
        store(dx + i, select(real, fma(load(dy + i), va, fma(load(x + i), vb, vc)), zero()));
      }
    }
  }
}

}  // namespace

const NormKernels<float> normKernels = {moments, apply, gradientSums, gradientApply};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
