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

void Executor::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [&] { return !tasks_.empty(); });
    std::shared_ptr<Task> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    const bool finished = task->advance(kSliceSeconds);
    if (finished) task->finish();
    lock.lock();
    if (!finished) tasks_.push_back(std::move(task));
  }
}

}  // namespace cnnative
