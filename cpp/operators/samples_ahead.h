// The samples of a batch lie anywhere in memory: asked for before they are needed, they are not waited for.
#pragma once

#include <algorithm>

#include "operators/operators.h"
#include "simd/compiler.h"

namespace cnnative {

/// Asks for the sample at a position of the batch, or what of it the processor does not fetch by itself. Inlined
/// always: GCC drops calls of functions that only prefetch.
CNNATIVE_INLINE void askForSample(const Step& step, const DatasetPart& part, int64_t position) {
  constexpr int64_t kLine = 64, kMostBytes = 4096;
  if (position >= step.count) return;
  const int64_t bytes = part.features * elementSize(part.element);
  const std::byte* x = part.samples.data() + step.indices[position] * bytes;
  for (int64_t i = 0; i < std::min(bytes, kMostBytes); i += kLine) prefetch<false>(x + i);
}

}  // namespace cnnative
