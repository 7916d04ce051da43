// The samples of a batch lie anywhere in memory: asked for before they are needed, they are not waited for.
#pragma once

#include <algorithm>

#include "operators/operators.h"
#include "simd/compiler.h"

namespace cnnative {

/// Asks for the samples of a group, or what of them the processor does not fetch by itself: a line of each before the
/// next of any, for where each begins is a page to be looked up, and that takes longest. They are read at once, so to
/// the first-level cache. Inlined always: GCC drops calls of functions that only prefetch.
CNNATIVE_INLINE void askForSamples(const Step& step, const DatasetPart& part, int64_t group) {
  constexpr int64_t kLine = 64, kMostBytes = 4096;
  const int64_t bytes = part.features * elementSize(part.element), count = step.lanes(group);
  const int32_t* samples = step.indices + group * kLanes;
  for (int64_t i = 0; i < std::min(bytes, kMostBytes); i += kLine) {
    for (int64_t l = 0; l < count; l++) prefetch<false, 1>(part.samples.data() + samples[l] * bytes + i);
  }
}

}  // namespace cnnative
