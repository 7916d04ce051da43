// Sums over classes and elements that keep their digits: one of 50 000 exponentials after the other would lose four of
// seven.
#pragma once

#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// What is summed before the sum joins the others.
static constexpr int64_t kRun = 64;

// term(0) + .. + term(n - 1), each called once, in order.
template <class Term>
static CNNATIVE_INLINE Vec longSum(int64_t n, const Term& term) {
  Vec total = zero();
  for (int64_t first = 0; first < n; first += kRun) {
    const int64_t last = smaller(n, first + kRun);
    Vec sum = zero();
    for (int64_t i = first; i < last; i++) sum = sum + term(i);
    total = total + sum;
  }
  return total;
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
