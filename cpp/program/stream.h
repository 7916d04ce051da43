// Measures the rate at which the machine moves memory, as STREAM's Add does, on the executor's thread and its team.
#pragma once

#include "cpu/isa.h"
#include "program/memory.h"
#include "program/task.h"

namespace cnnative {

class StreamMeasurement : public Task {
 public:
  /// Arrays of so many bytes each. Throws std::bad_alloc.
  StreamMeasurement(Isa isa, int threads, int64_t bytes)
      : isa_(isa), threads_(threads), bytes_(bytes), a_(bytes), b_(bytes), sum_(bytes) {}

  bool advance(double seconds) noexcept override;
  /// GB/s of all threads together, each of the three arrays counted once: the best of several runs.
  double gigabytesPerSecond() const { return rate_; }

 private:
  Isa isa_;
  int threads_;
  int64_t bytes_;
  Memory a_, b_, sum_;
  double rate_ = 0;
};

}  // namespace cnnative
