// Sums of outer products over samples, the heart of weight gradients: one side are scalars, the other vectors.
#pragma once

#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// sums[CT of C][KB * 16 of K] += x[tile][C][sample] d[tile][sample][K]; d is K wide, as sums are.
template <int CT, int KB>
static CNNATIVE_INLINE void addProduct(float* sums, const float* x, int64_t xTile, const float* d, int64_t K,
                                       int64_t tiles, bool first) {
  constexpr int V = KB * kVecs;
  Vec acc[CT][V];
  CNNATIVE_UNROLL
  for (int c = 0; c < CT; c++) {
    CNNATIVE_UNROLL
    for (int i = 0; i < V; i++) acc[c][i] = first ? zero() : load(sums + c * K + i * kWidth);
  }
  for (int64_t t = 0; t < tiles; t++, x += xTile) {
    for (int l = 0; l < kLanes; l++, d += K) {
      Vec gradient[V];
      CNNATIVE_UNROLL
      for (int i = 0; i < V; i++) gradient[i] = load(d + i * kWidth);
      CNNATIVE_UNROLL
      for (int c = 0; c < CT; c++) {
        const Vec in = splat(x[c * kLanes + l]);
        CNNATIVE_UNROLL
        for (int i = 0; i < V; i++) acc[c][i] = fma(in, gradient[i], acc[c][i]);
      }
    }
  }
  CNNATIVE_UNROLL
  for (int c = 0; c < CT; c++) {
    CNNATIVE_UNROLL
    for (int i = 0; i < V; i++) store(sums + c * K + i * kWidth, acc[c][i]);
  }
}

// sums[C][K] += x[tile][C][sample] d[tile][sample][K].
static inline void addProducts(float* sums, const float* x, const float* d, int64_t C, int64_t K, int64_t tiles,
                               bool first) {
  const auto columns = [&](auto blocks, auto largest, int64_t k) {
    int64_t c = 0;
    const auto rows = [&](auto size) {
      addProduct<size(), blocks()>(sums + c * K + k, x + c * kLanes, C * kLanes, d + k, K, tiles, first);
      c += size();
    };
    while (c + largest() <= C) rows(largest);
    while (c + 4 <= C) rows(Size<4>{});
    while (c < C) rows(Size<1>{});
  };
  int64_t k = 0;
  if constexpr (kWidth == 16) {
    for (; k + 2 * kLanes <= K; k += 2 * kLanes) columns(Size<2>{}, Size<8>{}, k);
    for (; k < K; k += kLanes) columns(Size<1>{}, Size<16>{}, k);
  } else {
    for (; k < K; k += kLanes) columns(Size<1>{}, Size<6>{}, k);
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
