// The memory a run works in. Programs that predict few samples keep theirs for the next run, with the weights prepared
// in it: predictions one after another pack nothing twice. Those of a training keep theirs from epoch to epoch, and
// from step to step where callbacks hear of each.
#pragma once

#include <cstdint>
#include <vector>

#include "program/memory.h"

namespace cnnative {

struct Arena {
  Memory samples;  ///< the slices of all lane groups
  Memory shared;
  Memory scratch;  ///< of each thread
  /// Versions of the stores from which `shared` holds prepared weights; empty before.
  std::vector<uint64_t> prepared;

  int64_t bytes() const { return samples.bytes() + shared.bytes() + scratch.bytes(); }
};

}  // namespace cnnative
