#include <cmath>

#include "kernels/families.h"
#include "kernels/lanes.h"
#include "kernels/scalar_math.h"

namespace cnnative::scalar {

namespace {

/// The words of a counter, as `philox4x32` of lib/util/philox.ts.
struct Draw {
  uint32_t word[kDraws];

  Draw(const RandomPlace& place, int lane, int64_t block)
      : word{place.sample + static_cast<uint32_t>(lane), static_cast<uint32_t>(block), place.step, place.stream} {
    uint32_t key0 = place.key0, key1 = place.key1;
    for (int round = 0; round < 10; round++) {
      const uint64_t a = uint64_t(0xD2511F53u) * word[0], b = uint64_t(0xCD9E8D57u) * word[2];
      const uint32_t word0 = static_cast<uint32_t>(b >> 32) ^ word[1] ^ key0;
      const uint32_t word2 = static_cast<uint32_t>(a >> 32) ^ word[3] ^ key1;
      word[0] = word0, word[1] = static_cast<uint32_t>(b), word[2] = word2, word[3] = static_cast<uint32_t>(a);
      key0 += 0x9E3779B9u, key1 += 0xBB67AE85u;
    }
  }

  uint32_t upper(int i) const { return word[i] >> 8; }
};

/// Calls draw(lane, first unit, number of units, words) for every counter of the units.
template <class Work>
void eachDraw(const RandomPlace& place, int64_t first, int64_t last, const Work& work) {
  for (int64_t u = first; u < last; u += kDraws) {
    const int units = static_cast<int>(last - u < kDraws ? last - u : kDraws);
    for (int l = 0; l < kLanes; l++) work(l, u, units, Draw(place, l, u / kDraws));
  }
}

template <class T>
void dropout(T* y, const T* x, const RandomPlace& place, int64_t first, int64_t last, int64_t P, uint32_t threshold,
             T scale) {
  eachDraw(place, first, last, [&](int lane, int64_t unit, int units, const Draw& draw) {
    for (int i = 0; i < units; i++) {
      const bool kept = draw.upper(i) >= threshold;
      for (int64_t p = 0; p < P; p++) {
        const int64_t at = ((unit + i) * P + p) * kLanes + lane;
        y[at] = kept ? scale * x[at] : T(0);
      }
    }
  });
}

/// cos and sin of 2 pi t for t in 0..1: the nearest quarter turn exactly, and the Taylor series of the rest up to x^19.
void turn(double t, double* cosine, double* sine) {
  const double quarter = std::floor(4 * t + 0.5), x = (t - quarter / 4) * 6.283185307179586, z = x * x;
  double c = 1, s = 1;
  for (int i = 18; i >= 2; i -= 2) {
    c = 1 - c * z / (i * (i - 1));
    s = 1 - s * z / (i * (i + 1));
  }
  s *= x;
  const int q = static_cast<int>(quarter) % 4;
  *cosine = q == 0 ? c : q == 1 ? -s : q == 2 ? -c : s;
  *sine = q == 0 ? s : q == 1 ? c : q == 2 ? -s : -c;
}

/// Two words give two normal numbers (Box and Muller, 1958), of at most sqrt(48 ln 2) = 5.77 in size.
template <class T>
void gaussianNoise(T* y, const T* x, const RandomPlace& place, int64_t first, int64_t last, T deviation) {
  eachDraw(place, first, last, [&](int lane, int64_t unit, int units, const Draw& draw) {
    double normal[kDraws];
    for (int i = 0; i < kDraws; i += 2) {
      const double radius = std::sqrt(-2 * logarithm((draw.upper(i) + 1) * 0x1p-24));
      turn(draw.upper(i + 1) * 0x1p-24, &normal[i], &normal[i + 1]);
      normal[i] *= radius, normal[i + 1] *= radius;
    }
    for (int i = 0; i < units; i++) {
      const int64_t at = (unit + i) * kLanes + lane;
      y[at] = static_cast<T>(x[at] + deviation * normal[i]);
    }
  });
}

}  // namespace

template <class T>
const RandomKernels<T>& randomKernels() {
  static const RandomKernels<T> table = {dropout<T>, gaussianNoise<T>};
  return table;
}
template const RandomKernels<float>& randomKernels();
template const RandomKernels<double>& randomKernels();

}  // namespace cnnative::scalar
