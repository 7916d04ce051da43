// Contract of the random family: what layers draw while training. Numbers are those of Philox 4x32-10
// (lib/util/philox.ts) for the seed as key and a counter of sample, block, step and stream, so each is a function of
// its place alone: any thread may draw any of them, and a gradient draws those of the forward pass again.
#pragma once

#include <cstdint>

namespace cnnative {

/// Whose numbers are drawn.
struct RandomPlace {
  uint32_t key0, key1;  ///< the seed's low and high half
  uint32_t step;
  uint32_t stream;
  uint32_t sample;  ///< of the first lane, within the batch
};

/// Random words of a lane that belong to one counter. Units u with the same u / kDraws share one: each takes a word.
static constexpr int64_t kDraws = 4;

template <class T>
struct RandomKernels {
  /// y = scale * x in units whose word's upper 24 bits are at least `threshold`, 0 in all others. Units first..last,
  /// each of P elements for each lane: x, y [U][P][L] begin at unit 0; `first` is a multiple of kDraws.
  void (*dropout)(T* y, const T* x, const RandomPlace& place, int64_t first, int64_t last, int64_t P,
                  uint32_t threshold, T scale);
  /// y = x + deviation * z, with z normally distributed: units of one element, as before.
  void (*gaussianNoise)(T* y, const T* x, const RandomPlace& place, int64_t first, int64_t last, T deviation);
};

}  // namespace cnnative
