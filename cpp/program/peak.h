// Measures the machine's rate of fused multiply-adds, on the executor's thread and its team.
#pragma once

#include "cpu/isa.h"
#include "program/task.h"

namespace cnnative {

class PeakMeasurement : public Task {
 public:
  PeakMeasurement(Isa isa, int threads) : isa_(isa), threads_(threads) {}

  bool advance(double seconds) noexcept override;
  /// GFLOP/s of all threads together: the best of several short runs.
  double gflops() const { return gflops_; }

 private:
  Isa isa_;
  int threads_;
  double gflops_ = 0;
};

}  // namespace cnnative
