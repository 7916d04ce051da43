#include "program/executor.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "program/memory.h"
#include "program/team.h"

namespace cnnative {

namespace {

// Long enough that taking turns costs nothing, short enough that an evaluation during training feels prompt.
constexpr double kSliceSeconds = 0.01;
// How long the executor keeps its team, and the process spare memory, with nothing to do.
constexpr std::chrono::milliseconds kIdle(100);
// What a process that ends waits for the call at work, at most.
constexpr std::chrono::seconds kLastWait(1);

// Waits go by the clock of the system: by a steady one they would need glibc 2.34.
auto after(std::chrono::milliseconds wait) { return std::chrono::system_clock::now() + wait; }

}  // namespace

Executor& Executor::instance() {
  static Executor& executor = *new Executor();
  return executor;
}

void Executor::start() {
  const std::lock_guard lock(mutex_);
  if (started_) return;
  // Detached: an idle executor keeps no process alive, and nothing joins it in a static destructor.
  std::thread([this] { loop(); }).detach();
  started_ = true;
#if !defined(_WIN32)
  // Windows ends all other threads before any of this would be called.
  std::atexit([] { instance().stop(); });
#endif
}

void Executor::submit(std::shared_ptr<Task> task) {
  const std::lock_guard lock(mutex_);
  enqueue(std::move(task));
  work_.notify_one();
}

bool Executor::runHere(Task& task) {
  {
    const std::lock_guard lock(mutex_);
    if (current_ || !waiting_.empty()) return false;
    current_ = &task;
  }
  while (!task.advance(kSliceSeconds)) {
  }
  const std::lock_guard lock(mutex_);
  current_ = nullptr;
  idle_.notify_one();
  if (!waiting_.empty()) work_.notify_one();
  return true;
}

void Executor::enqueue(std::shared_ptr<Task> task) {
  const std::shared_ptr<Share> share = task->share;
  if (share->tasks.empty()) {
    share->used = std::max(share->used, clock_);
    share->turn = turns_++;
    waiting_.push_back(share);
  }
  share->tasks.push_back(std::move(task));
}

/// Of the share that has had least.
std::shared_ptr<Task> Executor::takeNext() {
  const auto next = std::min_element(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) {
    return a->used < b->used || (a->used == b->used && a->turn < b->turn);
  });
  Share& share = **next;
  clock_ = std::max(clock_, share.used);
  std::shared_ptr<Task> task = std::move(share.tasks.front());
  share.tasks.pop_front();
  if (share.tasks.empty()) waiting_.erase(next);
  return task;
}

/// At the end of the process. LLVM's OpenMP runtime takes its teams down then: a region at work would crash, and so
/// would the next one.
void Executor::stop() {
  std::unique_lock lock(mutex_);
  stopped_ = true;
  if (current_) current_->cancel();
  idle_.wait_until(lock, after(kLastWait), [&] { return !current_; });
}

void Executor::loop() {
  using Clock = std::chrono::steady_clock;
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto ready = [&] { return !waiting_.empty() && !current_ && !stopped_; };
    if (!work_.wait_until(lock, after(kIdle), ready)) {
      lock.unlock();
      Team::release();
      Memory::releaseSpares();
      lock.lock();
      work_.wait(lock, ready);
    }
    Memory::keepSpares();
    std::shared_ptr<Task> task = takeNext();
    current_ = task.get();
    lock.unlock();
    const Clock::time_point begun = Clock::now();
    const bool finished = task->advance(kSliceSeconds);
    const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    if (finished) task->finish();
    lock.lock();
    current_ = nullptr;
    idle_.notify_one();
    task->share->used += seconds;
    if (!finished) enqueue(std::move(task));
  }
}

}  // namespace cnnative
