// One claim on the executor's thread: the tasks of a model, however many there are.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>

namespace cnnative {

class Task;

/// Only the executor touches it, under its lock.
struct Share {
  /// Seconds had so far, on the executor's clock of shares: who has had least is next.
  double used = 0;
  /// Which of those who have had the same waits longest.
  uint64_t turn = 0;
  /// Those that wait, in the order of their turns.
  std::deque<std::shared_ptr<Task>> tasks;
};

}  // namespace cnnative
