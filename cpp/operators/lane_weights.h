// Weights of the samples in a lane group, as a dataset gives them.
#pragma once

#include "kernels/lanes.h"
#include "program/step.h"

namespace cnnative {

/// 1 where the dataset has no weights; 0 in lanes without a sample.
template <class T>
struct LaneWeights {
  LaneWeights(const Step& step, int64_t group) {
    const std::vector<double>& weights = step.dataset->weights;
    const int64_t count = step.lanes(group);
    for (int64_t l = 0; l < count; l++) {
      const auto sample = static_cast<size_t>(step.indices[group * kLanes + l]);
      of[l] = weights.empty() ? T(1) : static_cast<T>(weights[sample]);
    }
  }

  T of[kLanes] = {};
};

}  // namespace cnnative
