#include "binding/task_link.h"

#include <atomic>
#include <string>
#include <system_error>
#include <utility>

#include "program/executor.h"

namespace cnnative {

namespace {

struct Link;
void deliver(Napi::Env env, Napi::Function, Link* link, Task::Event* event);

// Owned by the thread-safe function, whose finalizer deletes it on the environment's thread.
struct Link {
  std::shared_ptr<Task> task;
  std::function<void(Napi::Env, Task::Event)> onEvent;
  Napi::TypedThreadSafeFunction<Link, Task::Event, deliver> events;
  std::atomic<bool> progressPending{false};
  // What travels are their addresses: an event that is never delivered leaves nothing behind.
  Task::Event progress = Task::Event::progress, done = Task::Event::done;
};

void environmentEnds(void* data) {
  Link* link = static_cast<Link*>(data);
  link->task->cancel();
  link->task->wait();
}

void deliver(Napi::Env env, Napi::Function, Link* link, Task::Event* event) {
  // The environment has ended with the event on its way.
  if (static_cast<napi_env>(env) == nullptr) return;
  if (*event == Task::Event::done) {
    // Until the executor has let go of the function too: JavaScript may end the environment in this very event.
    link->task->wait();
    napi_remove_env_cleanup_hook(env, environmentEnds, link);
  } else {
    link->progressPending = false;
  }
  link->onEvent(env, *event);
}

}  // namespace

void submitTask(Napi::Env env, std::shared_ptr<Task> task, std::function<void(Napi::Env, Task::Event)> onEvent) {
  try {
    Executor::instance().start();
  } catch (const std::system_error& error) {
    throw Napi::Error::New(env,
                           std::string("cnnative: expected a thread of the system, received ") + error.what() +
                               ". Raise the limit of processes (ulimit -u, a container's pids), or run less at once.");
  }
  Link* link = new Link{task, std::move(onEvent), {}, {}};
  link->events = decltype(link->events)::New(
      env, "cnnative task", 0, 1, link, [](Napi::Env, Link* l, Link*) { delete l; }, link);
  // Hooks run last in, first out: this one before that of the thread-safe function, while events can still be sent.
  napi_add_env_cleanup_hook(env, environmentEnds, link);

  task->notify = [link](Task::Event event) {
    const bool done = event == Task::Event::done;
    if (!done && link->progressPending.exchange(true)) return;
    link->events.NonBlockingCall(done ? &link->done : &link->progress);
    if (done) link->events.Release();
  };
  Executor::instance().submit(std::move(task));
}

}  // namespace cnnative
