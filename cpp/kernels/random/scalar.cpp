#include <cmath>

#include "kernels/families.h"
#include "kernels/lanes.h"
#include "kernels/random/philox.h"
#include "kernels/scalar_math.h"

namespace cnnative::scalar {

namespace {

/// The words of a lane.
struct Draw : PhiloxWords {
  Draw(const RandomPlace& place, int lane, int64_t block)
      : PhiloxWords(place.sample + static_cast<uint32_t>(lane), static_cast<uint32_t>(block), place.step, place.stream,
                    place.key0, place.key1) {}
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
