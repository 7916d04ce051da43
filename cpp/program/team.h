// The threads a run works with. Each OpenMP region of the executor's thread reuses the same team; libgomp ends and
// restarts threads when the size changes, so a run always asks for its whole team.
#pragma once

#include <cstdint>

#include "program/denormals.h"

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace cnnative {

class Team {
 public:
  explicit Team(int threads) : threads_(threads) {}

  /// Calls work(piece, number of the thread) for every piece. Which thread does a piece must not matter to its result.
  template <class Work>
  void each(int64_t pieces, const Work& work) const {
#if defined(_OPENMP)
    if (threads_ > 1 && pieces > 1) return parallel(pieces, work);
#endif
    const FlushDenormals mode;
    for (int64_t i = 0; i < pieces; i++) work(i, 0);
  }

 private:
#if defined(_OPENMP)
  template <class Work>
  void parallel(int64_t pieces, const Work& work) const {
#pragma omp parallel num_threads(threads_)
    {
      const FlushDenormals mode;
      const int thread = omp_get_thread_num();
#pragma omp for schedule(dynamic, 1)
      for (int64_t i = 0; i < pieces; i++) work(i, thread);
    }
  }
#endif

  int threads_;
};

}  // namespace cnnative
