// Batch normalisation with lanes over the batch, written once for every instruction set.
#include "kernels/families.h"
#include "kernels/whole_lines.h"
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

// Calls visit(offset, sum) for every vector of a plane, and sums what it gives lane by lane, in two chains.
template <class Visit>
CNNATIVE_INLINE void sumPlane(Vec (&total)[kVecs], int64_t pixels, const Visit& visit) {
  Vec chains[2][kVecs];
  for (auto& chain : chains) {
    for (Vec& sum : chain) sum = zero();
  }
  const auto add = [&](Vec(&chain)[kVecs], int64_t p) {
    CNNATIVE_UNROLL
    for (int i = 0; i < kVecs; i++) chain[i] = visit(p * kLanes + i * kWidth, chain[i]);
  };
  int64_t p = 0;
  for (; p + 2 <= pixels; p += 2) {
    add(chains[0], p);
    add(chains[1], p + 1);
  }
  if (p < pixels) add(chains[0], p);
  for (int i = 0; i < kVecs; i++) total[i] = chains[0][i] + chains[1][i];
}

// Pixels whose two passes read memory once: the second finds them in the cache of a core.
constexpr int64_t kCachedPixels = 4096;

struct Moments {
  float mean, squares;
};

// Two passes: sums of squares alone would cancel.
CNNATIVE_INLINE Moments momentsOf(const float* x, int64_t count, int64_t pixels) {
  Vec sums[kVecs];
  sumPlane(sums, pixels, [&](int64_t at, Vec sum) { return sum + load(x + at); });
  const float mean = sumOf(sums, count) / static_cast<float>(count * pixels);
  const Vec center = splat(mean);
  sumPlane(sums, pixels, [&](int64_t at, Vec sum) {
    const Vec deviation = load(x + at) - center;
    return fma(deviation, deviation, sum);
  });
  return {mean, sumOf(sums, count)};
}

void moments(float* moments, const float* x, int64_t count, int64_t channels, int64_t pixels) {
  for (int64_t c = 0; c < channels; c++, x += pixels * kLanes, moments += 2) {
    Moments all = momentsOf(x, count, smaller(pixels, kCachedPixels));
    // Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983.
    for (int64_t p = kCachedPixels; p < pixels; p += kCachedPixels) {
      const int64_t more = smaller(pixels - p, kCachedPixels);
      const Moments next = momentsOf(x + p * kLanes, count, more);
      const float share = static_cast<float>(more) / static_cast<float>(p + more), apart = next.mean - all.mean;
      all.mean += apart * share;
      all.squares += next.squares + apart * apart * share * static_cast<float>(p * count);
    }
    moments[0] = all.mean;
    moments[1] = all.squares;
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

// The relu behind a normalisation: none, one whose result is there, or one whose result is computed again.
enum class Behind { nothing, result, again };

Behind behindOf(const ReluBehind<float>& relu) {
  return relu.y ? Behind::result : relu.scale ? Behind::again : Behind::nothing;
}

// Gradients where the relu let values pass, as it lets NaN.
CNNATIVE_INLINE Vec passed(Vec gradient, Vec result) {
  return select(greater(result, zero()) | isNan(result), gradient, zero());
}

template <Behind B>
void sumsPlane(float* sums, float* masked, const float* dy, const float* x, const float* y, Vec scale, Vec shift,
               Vec mean, int64_t n) {
  Vec sum[kVecs], product[kVecs];
  for (int v = 0; v < kVecs; v++) sum[v] = product[v] = zero();
  eachVector(n, [&](int64_t at, int v) {
    const Vec in = load(x + at);
    Vec d = load(dy + at);
    if (B == Behind::again) d = passed(d, fma(in, scale, shift));
    if (B == Behind::result) {
      d = passed(d, load(y + at));
      store(masked + at, d);
    }
    sum[v] = sum[v] + d;
    product[v] = fma(d, in - mean, product[v]);
  });
  sums[0] = sumOf(sum, kLanes);  // absent lanes have dy = 0
  sums[1] = sumOf(product, kLanes);
}

void gradientSums(float* sums, float* masked, const float* dy, const float* x, const ReluBehind<float>& relu,
                  const float* mean, int64_t channels, int64_t pixels) {
  const Behind behind = behindOf(relu);
  const auto plane = behind == Behind::result  ? sumsPlane<Behind::result>
                     : behind == Behind::again ? sumsPlane<Behind::again>
                                               : sumsPlane<Behind::nothing>;
  const bool again = behind == Behind::again, result = behind == Behind::result;
  const int64_t n = pixels * kLanes;
  for (int64_t c = 0; c < channels; c++) {
    plane(sums + 2 * c, result ? masked + c * n : nullptr, dy + c * n, x + c * n, result ? relu.y + c * n : nullptr,
          again ? splat(relu.scale[c]) : zero(), again ? splat(relu.shift[c]) : zero(), splat(mean[c]), n);
  }
}

template <bool Again>
void gradientPlane(float* dx, const float* dy, const float* x, Vec a, Vec b, Vec c, Vec scale, Vec shift,
                   const Mask (&real)[kVecs], int64_t n) {
  eachVector(n, [&](int64_t at, int v) {
    const Vec in = load(x + at);
    Vec d = load(dy + at);
    if (Again) d = passed(d, fma(in, scale, shift));
    store(dx + at, select(real[v], fma(d, a, fma(in, b, c)), zero()));
  });
}

void gradientApply(float* dx, const float* dy, const float* x, const float* a, const float* b, const float* c,
                   const ReluBehind<float>& relu, int64_t count, int64_t channels, int64_t pixels) {
  float present[kLanes];
  for (int64_t l = 0; l < kLanes; l++) present[l] = l < count ? 1.0f : 0.0f;
  Mask real[kVecs];
  for (int v = 0; v < kVecs; v++) real[v] = greater(load(present + v * kWidth), zero());
  const bool again = relu.scale != nullptr;
  const auto plane = again ? gradientPlane<true> : gradientPlane<false>;
  const int64_t n = pixels * kLanes;
  for (int64_t k = 0; k < channels; k++) {
    const int64_t at = k * n;
    plane(dx + at, dy + at, x + at, splat(a[k]), splat(b[k]), splat(c[k]), again ? splat(relu.scale[k]) : zero(),
          again ? splat(relu.shift[k]) : zero(), real, n);
  }
}

}  // namespace

const NormKernels<float> normKernels = {moments, apply, gradientSums, gradientApply};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
