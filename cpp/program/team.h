// The threads a run works with. Each OpenMP region of the executor's thread reuses the same team; libgomp ends and
// restarts threads when the size changes, so a run always asks for its whole team.
#pragma once

#include <cstddef>
#include <cstdint>

#include "program/denormals.h"

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace cnnative {

class Team {
 public:
  /// scratch: threads * scratchBytes bytes.
  Team(int threads, std::byte* scratch, int64_t scratchBytes)
      : threads_(threads), scratch_(scratch), scratchBytes_(scratchBytes) {}

  /// Calls work(piece, scratch of the thread) for every piece. Which thread does a piece must not matter to its result.
  template <class Work>
  void each(int64_t pieces, const Work& work) const {
#if defined(_OPENMP)
    if (threads_ > 1 && pieces > 1) return parallel(pieces, work);
#endif
    const FlushDenormals mode;
    for (int64_t i = 0; i < pieces; i++) work(i, scratch_);
  }

 private:
#if defined(_OPENMP)
  template <class Work>
  void parallel(int64_t pieces, const Work& work) const {
#pragma omp parallel num_threads(threads_)
    {
      const FlushDenormals mode;
      std::byte* const scratch = scratch_ + omp_get_thread_num() * scratchBytes_;
#pragma omp for schedule(dynamic, 1)
      for (int64_t i = 0; i < pieces; i++) work(i, scratch);
    }
  }
#endif

  int threads_;
  std::byte* scratch_;
  int64_t scratchBytes_;
};

}  // namespace cnnative
