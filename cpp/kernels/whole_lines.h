// Walking a plane line by line: where a line has several vectors, all of one before the next, for a sweep for each
// would read and write memory in halves.
#pragma once

#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// Calls visit(offset, vector of its line) for every vector of n floats.
template <class Visit>
static CNNATIVE_INLINE void eachVector(int64_t n, const Visit& visit) {
  for (int64_t i = 0; i < n; i += kLanes) {
    CNNATIVE_UNROLL
    for (int v = 0; v < kVecs; v++) visit(i + v * kWidth, v);
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
