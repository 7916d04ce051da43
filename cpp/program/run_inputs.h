// What a run is asked to do.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "program/dataset.h"
#include "program/program.h"

namespace cnnative {

struct RunInputs {
  std::shared_ptr<const Program> program;
  std::vector<std::shared_ptr<Variables>> stores;
  std::shared_ptr<const Dataset> dataset;
  std::vector<int32_t> order;   ///< samples in the order of use
  int64_t batchSize = 0;        ///< samples a step takes of them; the last step takes what is left
  std::vector<double> scalars;  ///< program.scalars of them for each step
  int64_t firstStep = 0;        ///< number of the first step
  std::vector<int32_t>
      keys;  ///< beside `order`: the number of each sample in the whole set; empty where that is `order`
  std::vector<int32_t> pool;  ///< samples that others are mixed with; empty where all of the dataset's are
  int64_t epoch = 0;          ///< what is drawn for a sample follows from its key and this
  int threads = 1;
  bool profile = false;           ///< time every call
  bool stopsAtNonFinite = false;  ///< stop before an update by numbers that are not finite
  bool keepsMemory = false;       ///< leave the arena to the program's next run

  int64_t samples() const { return static_cast<int64_t>(order.size()); }
  int64_t steps() const { return (samples() + batchSize - 1) / batchSize; }
  /// Throws std::invalid_argument unless everything fits together.
  void check() const;

 private:
  void checkLabels() const;
};

}  // namespace cnnative
