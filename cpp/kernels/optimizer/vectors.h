// Vectors of an array one after another, and the end that fills none.
#pragma once

#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

/// Loads a vector, or what is left of an array, and stores it the same way.
struct Whole {
  Vec load(const float* p) const { return CNNATIVE_ISA_NAMESPACE::load(p); }
  void store(float* p, Vec a) const { CNNATIVE_ISA_NAMESPACE::store(p, a); }
};
struct First {
  int64_t n;
  Vec load(const float* p) const { return loadFirst(p, n); }
  void store(float* p, Vec a) const { storeFirst(p, a, n); }
};

/// body(i, memory) for each vector of n elements, the last one perhaps not whole.
template <class Body>
static CNNATIVE_INLINE void eachVector(int64_t n, const Body& body) {
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) body(i, Whole());
  if (i < n) body(i, First{n - i});
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
