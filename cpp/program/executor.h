// The one thread of a process on which programs run, whatever JavaScript thread asked for it. It owns an OpenMP team as
// long as it has work, and takes turns between models, which get the same time each, however long their steps are
// (start-time fair queueing: Goyal, Vin, Cheng, 1996); tasks of one model take turns within its time. Only short tasks
// may run on the calling thread instead, which then has a team of its own.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "program/task.h"

namespace cnnative {

class Executor {
 public:
  /// Never destroyed: at process exit its thread may still be at work.
  static Executor& instance();

  /// Makes sure that there is a thread for tasks. Throws std::system_error where the system gives none.
  void start();

  void submit(std::shared_ptr<Task> task);

  /// Finishes a short task on the calling thread, unless another one is under way or waiting: false then. It must have
  /// no listener.
  bool runHere(Task& task);

 private:
  Executor() = default;
  [[noreturn]] void loop();
  void enqueue(std::shared_ptr<Task> task);
  std::shared_ptr<Task> takeNext();
  void stop();

  std::mutex mutex_;
  std::condition_variable work_, idle_;
  /// Those with tasks that wait.
  std::vector<std::shared_ptr<Share>> waiting_;
  /// What the share at work had used before its turn: it never goes back, so nobody saves up time while idle.
  double clock_ = 0;
  uint64_t turns_ = 0;
  /// The task at work, on whatever thread.
  Task* current_ = nullptr;
  bool started_ = false, stopped_ = false;
};

}  // namespace cnnative
