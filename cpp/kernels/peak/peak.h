// Contract of the peak family: the rate of fused multiply-adds this machine can sustain, the yardstick of all kernels.
#pragma once

#include <cstdint>

namespace cnnative {

template <class T>
struct PeakKernels {
  /// Runs `rounds` rounds of independent multiply-adds on registers alone; returns a number that depends on all of
  /// them.
  T (*run)(int64_t rounds);
  /// Floating-point operations in a round.
  int64_t operations;
};

}  // namespace cnnative
