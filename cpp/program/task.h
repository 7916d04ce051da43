// Work for the executor's thread: done in slices, so that several tasks advance side by side.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "program/share.h"

namespace cnnative {

class Task {
 public:
  enum class Event { progress, done };

  virtual ~Task() = default;

  /// Works for about `seconds` and returns whether the task is finished. Between two slices all variables are
  /// consistent: no step is half done.
  virtual bool advance(double seconds) noexcept = 0;

  /// Asks the task to end soon. May be called from any thread.
  virtual void cancel() noexcept {}

  /// What the task's time counts against. Tasks of one share begin in the order in which they were submitted. Set
  /// before the task is submitted.
  std::shared_ptr<Share> share = std::make_shared<Share>();

  /// Called on the executor's thread, without any lock. Set before the task is submitted.
  std::function<void(Event)> notify;

  /// Blocks until the executor will never touch this task again.
  void wait() {
    std::unique_lock lock(mutex_);
    finished_.wait(lock, [&] { return done_; });
  }

  /// The executor's last word.
  void finish() {
    if (notify) notify(Event::done);
    const std::lock_guard lock(mutex_);
    done_ = true;
    finished_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable finished_;
  bool done_ = false;
};

}  // namespace cnnative
