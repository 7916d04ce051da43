// The samples of a batch lie anywhere in memory: asked for before they are needed, they are not waited for.
#pragma once

#include <algorithm>

#include "operators/operators.h"
#include "simd/compiler.h"

namespace cnnative {

/// Asks for `count` samples from a position of the batch on, or what of them the processor does not fetch by itself: a
/// line of each before the next of any, for where each begins is a page to be looked up, and that takes longest.
/// Inlined always: GCC drops calls of functions that only prefetch.
CNNATIVE_INLINE void askForSamples(const Step& step, const DatasetPart& part, int64_t position, int64_t count) {
  constexpr int64_t kLine = 64, kMostBytes = 4096;
  const int64_t bytes = part.features * elementSize(part.element), end = std::min(step.count, position + count);
  for (int64_t i = 0; i < std::min(bytes, kMostBytes); i += kLine) {
    for (int64_t p = position; p < end; p++) prefetch<false>(part.samples.data() + step.indices[p] * bytes + i);
  }
}

}  // namespace cnnative
