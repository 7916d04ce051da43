// Samples, labels, targets and weights, copied once from JavaScript so that no thread reads memory the garbage
// collector owns.
#pragma once

#include <cstdint>
#include <vector>

#include "program/element.h"
#include "program/memory.h"

namespace cnnative {

/// What one input of a network reads of every sample.
struct DatasetPart {
  Element element = Element::uint8;  ///< uint8, float32 or float64
  int64_t features = 0;              ///< elements of one sample
  Memory samples;
};

struct Dataset {
  int64_t size = 0;  ///< samples
  std::vector<DatasetPart> parts;
  std::vector<int32_t> labels;  ///< empty, or one a sample
  int32_t largestLabel = -1;
  DatasetPart targets;          ///< float32 or float64; no features where there are none
  std::vector<double> weights;  ///< empty, or one a sample
};

}  // namespace cnnative
