// Blocks of kLanes x kLanes floats, and the end of an array that fills no vector.
#pragma once

#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

/// to[j * toStride + i] = from(i)[j] for i, j in 0..kLanes, where row(i, v) loads columns v * kWidth.. of row i.
template <class Row>
static CNNATIVE_INLINE void transposeBlock(float* to, int64_t toStride, const Row& row) {
  for (int a = 0; a < kVecs; a++) {
    for (int b = 0; b < kVecs; b++) {
      Vec r[kWidth];
      CNNATIVE_UNROLL
      for (int i = 0; i < kWidth; i++) r[i] = row(a * kWidth + i, b);
      transpose(r);
      CNNATIVE_UNROLL
      for (int i = 0; i < kWidth; i++) store(to + (b * kWidth + i) * toStride + a * kWidth, r[i]);
    }
  }
}

/// The first n floats of p; zeros behind them.
static inline Vec loadFirst(const float* p, int64_t n) {
  float whole[kWidth] = {};
  for (int64_t i = 0; i < n; i++) whole[i] = p[i];
  return load(whole);
}

/// The first n floats of p as far as a vector goes; zeros behind them.
static CNNATIVE_INLINE Vec loadSome(const float* p, int64_t n) { return n >= kWidth ? load(p) : loadFirst(p, n); }

static inline void storeFirst(float* p, Vec a, int64_t n) {
  float whole[kWidth];
  store(whole, a);
  for (int64_t i = 0; i < n; i++) p[i] = whole[i];
}

/// to[i] = a[i], or added to it, for the first n lanes; all if there are more.
static CNNATIVE_INLINE void storeSum(float* to, Vec a, int64_t n, bool accumulate) {
  const Vec sum = accumulate ? loadSome(to, n) + a : a;
  if (n >= kWidth) {
    store(to, sum);
  } else {
    storeFirst(to, sum, n);
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
