// Pooling with lanes over the batch, written once for every instruction set.
#include "kernels/families.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// The window of one output position, clipped to the image.
struct Window {
  int64_t top, bottom, left, right;
};

CNNATIVE_INLINE Window windowOf(const Pool& p, int64_t oy, int64_t ox) {
  const int64_t top = oy * p.strideHeight - p.padTop, left = ox * p.strideWidth - p.padLeft;
  const int64_t bottom = top + p.poolHeight, right = left + p.poolWidth;
  return {top < 0 ? 0 : top, bottom > p.height ? p.height : bottom, left < 0 ? 0 : left,
          right > p.width ? p.width : right};
}

CNNATIVE_INLINE Vec larger(Vec best, Vec x) { return select(greater(x, best) | isNan(x), x, best); }

void maxForward(float* y, const float* x, const Pool& p) {
  for (int64_t c = 0; c < p.channels; c++, x += p.height * p.width * kLanes) {
    for (int64_t oy = 0; oy < p.outputHeight; oy++) {
      for (int64_t ox = 0; ox < p.outputWidth; ox++, y += kLanes) {
        const Window w = windowOf(p, oy, ox);
        for (int v = 0; v < kVecs; v++) {
          Vec best = load(x + (w.top * p.width + w.left) * kLanes + v * kWidth);
          for (int64_t iy = w.top; iy < w.bottom; iy++) {
            for (int64_t ix = w.left; ix < w.right; ix++) {
              best = larger(best, load(x + (iy * p.width + ix) * kLanes + v * kWidth));
            }
          }
          store(y + v * kWidth, best);
        }
      }
    }
  }
}

// Disjoint: no input belongs to two windows, so gradients are stored instead of added.
template <bool Disjoint>
void maxBackwardPlane(float* dx, const float* dy, const float* x, const float* y, const Pool& p) {
  for (int64_t oy = 0; oy < p.outputHeight; oy++) {
    for (int64_t ox = 0; ox < p.outputWidth; ox++, y += kLanes, dy += kLanes) {
      const Window w = windowOf(p, oy, ox);
      for (int v = 0; v < kVecs; v++) {
        const Vec best = load(y + v * kWidth), gradient = load(dy + v * kWidth);
        Mask taken = noLane();
        for (int64_t iy = w.top; iy < w.bottom; iy++) {
          for (int64_t ix = w.left; ix < w.right; ix++) {
            const int64_t at = (iy * p.width + ix) * kLanes + v * kWidth;
            const Vec in = load(x + at);
            const Mask hit = andNot(equal(in, best) | isNan(in), taken);
            taken = taken | hit;
            const Vec share = select(hit, gradient, zero());
            store(dx + at, Disjoint ? share : load(dx + at) + share);
          }
        }
      }
    }
  }
}

void maxBackward(float* dx, const float* dy, const float* x, const float* y, const Pool& p) {
  const bool disjoint = p.strideHeight >= p.poolHeight && p.strideWidth >= p.poolWidth;
  const int64_t plane = p.height * p.width * kLanes, outputPlane = p.outputHeight * p.outputWidth * kLanes;
  const bool covered = disjoint && p.poolHeight * p.poolWidth * outputPlane == plane && p.padTop == 0 && p.padLeft == 0;
  for (int64_t c = 0; c < p.channels; c++) {
    if (!covered) {
      for (int64_t i = 0; i < plane; i += kWidth) store(dx + i, zero());
    }
    (disjoint ? maxBackwardPlane<true> : maxBackwardPlane<false>)(dx, dy, x, y, p);
    dx += plane, x += plane, dy += outputPlane, y += outputPlane;
  }
}

}  // namespace

const PoolKernels<float> poolKernels = {maxForward, maxBackward};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
