#include "program/stream.h"

#include <algorithm>
#include <chrono>

#include "kernels/kernels.h"
#include "program/call.h"
#include "program/team.h"

namespace cnnative {

bool StreamMeasurement::advance(double) noexcept {
  const ActivationKernels<float>& kernels = kernelsFor<float>(isa_).activation;
  const Team team(threads_);
  constexpr int kRuns = 6;
  const int64_t elements = bytes_ / static_cast<int64_t>(sizeof(float));
  auto *a = reinterpret_cast<float*>(a_.data()), *b = reinterpret_cast<float*>(b_.data());
  auto* sum = reinterpret_cast<float*>(sum_.data());
  // Pages that were never written to are one page of zeros: the first run, which makes the sum's, writes to the others.
  std::fill(a, a + elements, 1.0f);
  std::fill(b, b + elements, 2.0f);
  for (int i = 0; i < kRuns; i++) {
    const auto start = std::chrono::steady_clock::now();
    team.each(threads_, [&](int64_t piece, int) {
      const int64_t first = elements * piece / threads_, last = elements * (piece + 1) / threads_;
      kernels.add(sum + first, a + first, b + first, false, last - first);
    });
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (i > 0) rate_ = std::max(rate_, 3 * static_cast<double>(bytes_) / seconds / 1e9);
  }
  return true;
}

}  // namespace cnnative
