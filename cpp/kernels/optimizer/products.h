// Products of small matrices, for Muon: a tile of 4 rows in registers, each element a sum in the order of k.
#pragma once

#include "kernels/optimizer/vectors.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

static constexpr int kProductRows = 4;

/// kRows rows of C from column j on, `at` loading and storing them.
template <int kRows, class Columns>
static CNNATIVE_INLINE void productTile(float* c, const float* d, const float* a, const float* b, int64_t n, int64_t k,
                                        Vec plain, Vec product, const Columns& at) {
  Vec sum[kRows];
  CNNATIVE_UNROLL
  for (int r = 0; r < kRows; r++) sum[r] = zero();
  for (int64_t l = 0; l < k; l++) {
    const Vec row = at.load(b + l * n);
    CNNATIVE_UNROLL
    for (int r = 0; r < kRows; r++) sum[r] = fma(splat(a[r * k + l]), row, sum[r]);
  }
  CNNATIVE_UNROLL
  for (int r = 0; r < kRows; r++) {
    const Vec scaled = product * sum[r];
    at.store(c + r * n, d ? fma(plain, at.load(d + r * n), scaled) : scaled);
  }
}

template <int kRows>
static CNNATIVE_INLINE void productRows(float* c, const float* d, const float* a, const float* b, int64_t n, int64_t k,
                                        Vec plain, Vec product) {
  int64_t j = 0;
  const auto shifted = [&](const float* p) { return p ? p + j : nullptr; };
  for (; j + kWidth <= n; j += kWidth) {
    productTile<kRows>(c + j, shifted(d), a, b + j, n, k, plain, product, Whole());
  }
  if (j < n) productTile<kRows>(c + j, shifted(d), a, b + j, n, k, plain, product, First{n - j});
}

static void product(float* c, const float* d, const float* a, const float* b, int64_t m, int64_t n, int64_t k,
                    float plain, float product) {
  const Vec old = splat(plain), young = splat(product);
  int64_t i = 0;
  const auto rowOf = [&](const float* p) { return p ? p + i * n : nullptr; };
  for (; i + kProductRows <= m; i += kProductRows) {
    productRows<kProductRows>(c + i * n, rowOf(d), a + i * k, b, n, k, old, young);
  }
  for (; i < m; i++) productRows<1>(c + i * n, rowOf(d), a + i * k, b, n, k, old, young);
}

/// kColumns elements of a row of A B^T.
template <int kColumns>
static CNNATIVE_INLINE void outerTile(float* c, const float* a, const float* b, int64_t k) {
  Vec total[kColumns];
  CNNATIVE_UNROLL
  for (int j = 0; j < kColumns; j++) total[j] = zero();
  int64_t l = 0;
  for (; l + kWidth <= k; l += kWidth) {
    const Vec row = load(a + l);
    CNNATIVE_UNROLL
    for (int j = 0; j < kColumns; j++) total[j] = fma(row, load(b + j * k + l), total[j]);
  }
  if (l < k) {
    const Vec row = loadFirst(a + l, k - l);
    CNNATIVE_UNROLL
    for (int j = 0; j < kColumns; j++) total[j] = fma(row, loadFirst(b + j * k + l, k - l), total[j]);
  }
  CNNATIVE_UNROLL
  for (int j = 0; j < kColumns; j++) c[j] = sum(total[j]);
}

static void outer(float* c, const float* a, const float* b, int64_t m, int64_t n, int64_t k) {
  for (int64_t i = 0; i < m; i++) {
    int64_t j = 0;
    for (; j + kProductRows <= n; j += kProductRows) outerTile<kProductRows>(c + i * n + j, a + i * k, b + j * k, k);
    for (; j < n; j++) outerTile<1>(c + i * n + j, a + i * k, b + j * k, k);
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
