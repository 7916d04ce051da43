// Pooling with lanes over the batch, written once for every instruction set.
#include "kernels/families.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// The window of one output position.
struct Window {
  int64_t top, bottom, left, right, counted;
};

CNNATIVE_INLINE Window windowOf(const Pool& p, int64_t oy, int64_t ox) {
  const PoolSpan &row = p.rows[oy], &column = p.columns[ox];
  return {row.first, row.last, column.first, column.last, row.counted * column.counted};
}

CNNATIVE_INLINE Vec larger(Vec best, Vec x) { return select(greater(x, best) | isNan(x), x, best); }

// Calls visit(position of the input within its plane) for a window of R x S inputs, or of any size where these are 0.
// The usual sizes are unrolled: their loops would cost more than their work.
template <int R, int S, class Visit>
CNNATIVE_INLINE void visitWindow(const Pool& p, const Window& w, const Visit& visit) {
  const int64_t width = p.width, stepHeight = p.stepHeight, stepWidth = p.stepWidth;
  if constexpr (R > 0) {
    CNNATIVE_UNROLL
    for (int r = 0; r < R; r++) {
      CNNATIVE_UNROLL
      for (int s = 0; s < S; s++) visit(((w.top + r) * width + w.left + s) * kLanes);
    }
  } else {
    for (int64_t iy = w.top; iy < w.bottom; iy += stepHeight) {
      for (int64_t ix = w.left; ix < w.right; ix += stepWidth) visit((iy * width + ix) * kLanes);
    }
  }
}

template <int R, int S>
CNNATIVE_INLINE void maxOf(float* y, const float* x, const Pool& p, const Window& w) {
  CNNATIVE_UNROLL
  for (int v = 0; v < kVecs; v++) {
    Vec best = load(x + (w.top * p.width + w.left) * kLanes + v * kWidth);
    visitWindow<R, S>(p, w, [&](int64_t at) { best = larger(best, load(x + at + v * kWidth)); });
    store(y + v * kWidth, best);
  }
}

// Disjoint: no input belongs to two windows, so gradients are stored instead of added.
template <int R, int S, bool Disjoint>
CNNATIVE_INLINE void giveToMax(float* dx, const float* dy, const float* x, const float* y, bool relu, const Pool& p,
                               const Window& w) {
  CNNATIVE_UNROLL
  for (int v = 0; v < kVecs; v++) {
    const Vec best = load(y + v * kWidth), whole = load(dy + v * kWidth);
    const Vec gradient = relu ? select(greater(best, zero()) | isNan(best), whole, zero()) : whole;
    Mask taken = noLane();
    visitWindow<R, S>(p, w, [&](int64_t at) {
      at += v * kWidth;
      const Vec in = load(x + at);
      const Mask hit = andNot(equal(in, best) | isNan(in), taken);
      taken = taken | hit;
      const Vec share = select(hit, gradient, zero());
      store(dx + at, Disjoint ? share : load(dx + at) + share);
    });
  }
}

// Calls visit(window, output position) for every window of a plane.
template <class Visit>
CNNATIVE_INLINE void visitPlane(const Pool& p, const Visit& visit) {
  int64_t at = 0;
  for (int64_t oy = 0; oy < p.outputHeight; oy++) {
    for (int64_t ox = 0; ox < p.outputWidth; ox++, at += kLanes) visit(windowOf(p, oy, ox), at);
  }
}

template <int R, int S>
void maxForwardPlane(float* y, const float* x, const Pool& p) {
  visitPlane(p, [&](const Window& w, int64_t at) { maxOf<R, S>(y + at, x, p, w); });
}

template <int R, int S, bool Disjoint>
void maxBackwardPlane(float* dx, const float* dy, const float* x, const float* y, bool relu, const Pool& p) {
  visitPlane(p, [&](const Window& w, int64_t at) { giveToMax<R, S, Disjoint>(dx, dy + at, x, y + at, relu, p, w); });
}

void maxForward(float* y, const float* x, const Pool& p) {
  const bool square2 = p.wholeHeight == 2 && p.wholeWidth == 2;
  const bool square3 = p.wholeHeight == 3 && p.wholeWidth == 3;
  const auto plane = square2 ? maxForwardPlane<2, 2> : square3 ? maxForwardPlane<3, 3> : maxForwardPlane<0, 0>;
  for (int64_t c = 0; c < p.channels; c++) {
    plane(y, x, p);
    x += p.height * p.width * kLanes, y += p.outputHeight * p.outputWidth * kLanes;
  }
}

void maxBackward(float* dx, const float* dy, const float* x, const float* y, bool relu, const Pool& p) {
  const int64_t plane = p.height * p.width * kLanes, outputPlane = p.outputHeight * p.outputWidth * kLanes;
  const bool square2 = p.wholeHeight == 2 && p.wholeWidth == 2;
  const auto give = p.disjoint ? (square2 ? maxBackwardPlane<2, 2, true> : maxBackwardPlane<0, 0, true>)
                               : (square2 ? maxBackwardPlane<2, 2, false> : maxBackwardPlane<0, 0, false>);
  for (int64_t c = 0; c < p.channels; c++) {
    if (!p.covered) {
      for (int64_t i = 0; i < plane; i += kWidth) store(dx + i, zero());
    }
    give(dx, dy, x, y, relu, p);
    dx += plane, x += plane, dy += outputPlane, y += outputPlane;
  }
}

// Row by row: in one sum over a large window each value would lose the digits that the sum has grown by.
CNNATIVE_INLINE Vec sumOf(const float* x, const Pool& p, const Window& w) {
  Vec sum = zero();
  for (int64_t iy = w.top; iy < w.bottom; iy += p.stepHeight) {
    Vec row = zero();
    for (int64_t ix = w.left; ix < w.right; ix += p.stepWidth) row = row + load(x + (iy * p.width + ix) * kLanes);
    sum = sum + row;
  }
  return sum;
}

float shareOf(const Window& w) { return 1.0f / static_cast<float>(w.counted); }

void averageForward(float* y, const float* x, const Pool& p) {
  for (int64_t c = 0; c < p.channels; c++) {
    visitPlane(p, [&](const Window& w, int64_t at) {
      for (int v = 0; v < kLanes; v += kWidth) {
        store(y + at + v, sumOf(x + v, p, w) * splat(shareOf(w)));
      }
    });
    x += p.height * p.width * kLanes, y += p.outputHeight * p.outputWidth * kLanes;
  }
}

void averageBackward(float* dx, const float* dy, const Pool& p) {
  const int64_t plane = p.height * p.width * kLanes;
  for (int64_t c = 0; c < p.channels; c++) {
    for (int64_t i = 0; i < plane; i += kWidth) store(dx + i, zero());
    visitPlane(p, [&](const Window& w, int64_t at) {
      for (int v = 0; v < kLanes; v += kWidth) {
        const Vec share = load(dy + at + v) * splat(shareOf(w));
        visitWindow<0, 0>(p, w, [&](int64_t i) { store(dx + i + v, load(dx + i + v) + share); });
      }
    });
    dx += plane, dy += p.outputHeight * p.outputWidth * kLanes;
  }
}

}  // namespace

const PoolKernels<float> poolKernels = {maxForward, maxBackward, averageForward, averageBackward};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
