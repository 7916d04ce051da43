// The one thread of a process on which programs run, whatever JavaScript thread asked for it. It owns an OpenMP team
// and takes turns between tasks. Only short tasks may run on the calling thread instead, which then has a team of its
// own.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "program/task.h"

namespace cnnative {

class Executor {
 public:
  /// Started with the first task. Never destroyed: at process exit its thread may still be at work.
  static Executor& instance();

  void submit(std::shared_ptr<Task> task);

  /// Finishes a short task on the calling thread, unless another one is under way or waiting: false then. It must have
  /// no listener.
  bool runHere(Task& task);

 private:
  Executor() = default;
  [[noreturn]] void loop();

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::shared_ptr<Task>> tasks_;
  bool started_ = false, busy_ = false;
};

}  // namespace cnnative
