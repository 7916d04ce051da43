// The threads a run works with. Each OpenMP region of the executor's thread reuses the same team; libgomp ends and
// restarts threads when the size changes, so a run always asks for its whole team.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <vector>

#include "program/denormals.h"

#if defined(_OPENMP)
#include <omp.h>
#if defined(__GNUC__) && __GNUC__ >= 9 && !defined(__clang__)
// Compilers newer than their system, as those of release images, link the system's libgomp, which may lack it.
#pragma weak omp_pause_resource
#define CNNATIVE_CAN_RELEASE_TEAMS
#endif
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

  /// The pieces of several items as if they were of one: calls work(item, piece, number of the thread).
  template <class Pieces, class Work>
  void eachOf(int64_t items, const Pieces& pieces, const Work& work) const {
    std::vector<int64_t> ends;
    int64_t all = 0;
    for (int64_t i = 0; i < items; i++) ends.push_back(all += pieces(i));
    each(all, [&](int64_t piece, int thread) {
      const auto item = std::upper_bound(ends.begin(), ends.end(), piece) - ends.begin();
      work(item, item == 0 ? piece : piece - ends[static_cast<size_t>(item) - 1], thread);
    });
  }

  /// One item after another, each shared by all threads: calls work(item, first, last, number of the thread) for
  /// disjoint ranges of the item's parts.
  template <class Parts, class Work>
  void eachShared(int64_t items, const Parts& parts, const Work& work) const {
#if defined(_OPENMP)
    if (threads_ > 1) return parallelShared(items, parts, work);
#endif
    const FlushDenormals mode;
    for (int64_t i = 0; i < items; i++) work(i, 0, parts(i), 0);
  }

  int threads() const { return threads_; }

  /// Ends the threads that wait for the calling thread's next region. libgomp counts those of all teams, and where they
  /// are more than there are cores, a thread with nothing to do sleeps at once: LeNet-5 then trained a quarter slower,
  /// after a single prediction on the thread of JavaScript. Other runtimes do not count.
  static void release() {
#if defined(CNNATIVE_CAN_RELEASE_TEAMS)
    if (omp_pause_resource) omp_pause_resource(omp_pause_soft, omp_get_initial_device());
#endif
  }

 private:
#if defined(_OPENMP)
  template <class Parts, class Work>
  void parallelShared(int64_t items, const Parts& parts, const Work& work) const {
#pragma omp parallel num_threads(threads_)
    {
      const FlushDenormals mode;
      const int thread = omp_get_thread_num(), threads = omp_get_num_threads();
      for (int64_t i = 0; i < items; i++) {
        const int64_t all = parts(i), first = all * thread / threads, last = all * (thread + 1) / threads;
        if (first < last) work(i, first, last, thread);
#pragma omp barrier
      }
    }
  }

  // How many of a thread's own pieces are taken, in a cache line of its own.
  struct alignas(64) Cursor {
    std::atomic<int64_t> taken{0};
  };

  // Each thread has the same pieces in every step, so that it finds their data in its caches; only when it is done with
  // them does it take those of others. As they came, LeNet-5's `fit` was some 2 % slower.
  template <class Work>
  void parallel(int64_t pieces, const Work& work) const {
    std::vector<Cursor> cursors(static_cast<size_t>(threads_));
#pragma omp parallel num_threads(threads_)
    {
      const FlushDenormals mode;
      const int thread = omp_get_thread_num(), threads = omp_get_num_threads();
      for (int i = 0; i < threads; i++) {
        const int owner = (thread + i) % threads;
        const int64_t first = pieces * owner / threads, last = pieces * (owner + 1) / threads;
        auto& taken = cursors[static_cast<size_t>(owner)].taken;
        for (int64_t piece = 0; (piece = first + taken.fetch_add(1, std::memory_order_relaxed)) < last;)
          work(piece, thread);
      }
    }
  }
#endif

  int threads_;
};

}  // namespace cnnative
