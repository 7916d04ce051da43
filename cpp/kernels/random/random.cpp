#include "kernels/families.h"
#include "kernels/random/words.h"
#include "simd/math.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

/// The words of kWidth lanes from `lane` on, each for a counter of its own.
struct Draw {
  Words word[kDraws];

  CNNATIVE_INLINE Draw(const RandomPlace& place, int lane, int64_t block) {
    uint32_t samples[kWidth];
    for (int l = 0; l < kWidth; l++) samples[l] = place.sample + static_cast<uint32_t>(lane + l);
    const Words factor0 = splatWords(0xD2511F53u), factor1 = splatWords(0xCD9E8D57u);
    Words c0 = loadWords(samples), c1 = splatWords(static_cast<uint32_t>(block));
    Words c2 = splatWords(place.step), c3 = splatWords(place.stream);
    uint32_t key0 = place.key0, key1 = place.key1;
    CNNATIVE_UNROLL
    for (int round = 0; round < 10; round++) {
      Words high0, low0, high1, low1;
      multiply(c0, factor0, &high0, &low0);
      multiply(c2, factor1, &high1, &low1);
      c0 = high1 ^ c1 ^ splatWords(key0), c1 = low1;
      c2 = high0 ^ c3 ^ splatWords(key1), c3 = low0;
      key0 += 0x9E3779B9u, key1 += 0xBB67AE85u;
    }
    word[0] = c0, word[1] = c1, word[2] = c2, word[3] = c3;
  }
};

/// Calls work(lane, first unit, number of units, words) for every counter of the units.
template <class Work>
CNNATIVE_INLINE void eachDraw(const RandomPlace& place, int64_t first, int64_t last, const Work& work) {
  for (int64_t u = first; u < last; u += kDraws) {
    for (int l = 0; l < kLanes; l += kWidth) work(l, u, smaller(kDraws, last - u), Draw(place, l, u / kDraws));
  }
}

void dropout(float* y, const float* x, const RandomPlace& place, int64_t first, int64_t last, int64_t P,
             uint32_t threshold, float scale) {
  const Vec least = splat(static_cast<float>(threshold)), factor = splat(scale);
  eachDraw(place, first, last, [&](int lane, int64_t unit, int64_t units, const Draw& draw) {
    for (int64_t i = 0; i < units; i++) {
      const Mask dropped = greater(least, upper(draw.word[i]));
      for (int64_t p = 0; p < P; p++) {
        const int64_t at = ((unit + i) * P + p) * kLanes + lane;
        store(y + at, select(dropped, zero(), factor * load(x + at)));
      }
    }
  });
}

/// cos and sin of 2 pi t for t in 0..1, within 1e-7: the nearest quarter turn exactly, and the Taylor series of the
/// rest, of at most pi / 4, up to x^10 and x^9 (remainders below 2e-9).
CNNATIVE_INLINE void turn(Vec t, Vec* cosine, Vec* sine) {
  const Vec quarter = round(t * splat(4.0f));
  const Vec x = (t - quarter * splat(0.25f)) * splat(6.28318531f), z = x * x;
  Vec c = splat(-1.0f / 3628800);
  c = fma(c, z, splat(1.0f / 40320));
  c = fma(c, z, splat(-1.0f / 720));
  c = fma(c, z, splat(1.0f / 24));
  c = fma(c, z, splat(-0.5f));
  c = fma(c, z, splat(1.0f));
  Vec s = splat(1.0f / 362880);
  s = fma(s, z, splat(-1.0f / 5040));
  s = fma(s, z, splat(1.0f / 120));
  s = fma(s, z, splat(-1.0f / 6));
  s = fma(s * z, x, x);
  const Mask first = equal(quarter, splat(1.0f)), second = equal(quarter, splat(2.0f));
  const Mask third = equal(quarter, splat(3.0f)), odd = first | third;
  const Vec along = select(odd, s, c), across = select(odd, c, s);
  *cosine = select(first | second, zero() - along, along);
  *sine = select(second | third, zero() - across, across);
}

/// Two words give two normal numbers (Box and Muller, 1958), of at most sqrt(48 ln 2) = 5.77 in size.
CNNATIVE_INLINE void normals(Words a, Words b, Vec* pair) {
  const Vec unit = splat(1.0f / 16777216);
  const Vec radius = squareRoot(log((upper(a) + splat(1.0f)) * unit) * splat(-2.0f));
  turn(upper(b) * unit, &pair[0], &pair[1]);
  pair[0] = radius * pair[0], pair[1] = radius * pair[1];
}

void gaussianNoise(float* y, const float* x, const RandomPlace& place, int64_t first, int64_t last, float deviation) {
  const Vec factor = splat(deviation);
  eachDraw(place, first, last, [&](int lane, int64_t unit, int64_t units, const Draw& draw) {
    Vec normal[kDraws];
    normals(draw.word[0], draw.word[1], normal);
    normals(draw.word[2], draw.word[3], normal + 2);
    for (int64_t i = 0; i < units; i++) {
      const int64_t at = (unit + i) * kLanes + lane;
      store(y + at, fma(factor, normal[i], load(x + at)));
    }
  });
}

}  // namespace

const RandomKernels<float> randomKernels = {dropout, gaussianNoise};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
