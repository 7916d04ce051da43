#include "program/executor.h"

#include <thread>
#include <utility>

namespace cnnative {

namespace {

// Long enough that taking turns costs nothing, short enough that an evaluation during training feels prompt.
constexpr double kSliceSeconds = 0.01;

}  // namespace

Executor& Executor::instance() {
  static Executor& executor = *new Executor();
  return executor;
}

void Executor::submit(std::shared_ptr<Task> task) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back(std::move(task));
  if (!started_) {
    // Detached: an idle executor keeps no process alive, and nothing joins it in a static destructor.
    std::thread([this] { loop(); }).detach();
    started_ = true;
  }
  work_.notify_one();
}

bool Executor::runHere(Task& task) {
  {
    const std::lock_guard lock(mutex_);
    if (busy_ || !tasks_.empty()) return false;
    busy_ = true;
  }
  while (!task.advance(kSliceSeconds)) {
  }
  const std::lock_guard lock(mutex_);
  busy_ = false;
  if (!tasks_.empty()) work_.notify_one();
  return true;
}

void Executor::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [&] { return !tasks_.empty() && !busy_; });
    std::shared_ptr<Task> task = std::move(tasks_.front());
    tasks_.pop_front();
    busy_ = true;
    lock.unlock();
    const bool finished = task->advance(kSliceSeconds);
    if (finished) task->finish();
    lock.lock();
    busy_ = false;
    if (!finished) tasks_.push_back(std::move(task));
  }
}

}  // namespace cnnative
