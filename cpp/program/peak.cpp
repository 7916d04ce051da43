#include "program/peak.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <vector>

#include "kernels/kernels.h"
#include "program/team.h"

namespace cnnative {

bool PeakMeasurement::advance(double) noexcept {
  const PeakKernels<float>& kernel = kernelsFor<float>(isa_).peak;
  const Team team(threads_);
  constexpr int kRuns = 15;
  constexpr int64_t kOperations = 400'000'000;
  const int64_t rounds = kOperations / kernel.operations;
  std::atomic<int> kept{0};
  for (int i = 0; i < kRuns; i++) {
    const auto start = std::chrono::steady_clock::now();
    // A result nobody reads would be optimised away.
    team.each(threads_, [&](int64_t, int) { kept += kernel.run(rounds) > 0 ? 1 : 0; });
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double rate = static_cast<double>(rounds * kernel.operations * threads_) / seconds / 1e9;
    gflops_ = std::max(gflops_, kept > 0 ? rate : 0);
  }
  return true;
}

}  // namespace cnnative
