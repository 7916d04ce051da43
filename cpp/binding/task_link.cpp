#include "binding/task_link.h"

#include <atomic>
#include <utility>

#include "program/executor.h"

namespace cnnative {

namespace {

// Owned by the thread-safe function, whose finalizer deletes it on the environment's thread.
struct Link {
  std::shared_ptr<Task> task;
  std::function<void(Napi::Env, Task::Event)> onEvent;
  Napi::ThreadSafeFunction events;
  std::atomic<bool> progressPending{false};
};

void environmentEnds(void* data) {
  Link* link = static_cast<Link*>(data);
  link->task->cancel();
  link->task->wait();
}

}  // namespace

void submitTask(Napi::Env env, std::shared_ptr<Task> task, std::function<void(Napi::Env, Task::Event)> onEvent) {
  Link* link = new Link{task, std::move(onEvent), {}, {}};
  link->events = Napi::ThreadSafeFunction::New(
      env, Napi::Function(), "cnnative task", 0, 1, link, [](Napi::Env, Link* l, Link*) { delete l; }, link);
  // Hooks run last in, first out: this one before that of the thread-safe function, while events can still be sent.
  napi_add_env_cleanup_hook(env, environmentEnds, link);

  task->notify = [link](Task::Event event) {
    const bool done = event == Task::Event::done;
    if (!done && link->progressPending.exchange(true)) return;
    link->events.NonBlockingCall([link, done, event](Napi::Env e, Napi::Function) {
      if (done) {
        // Until the executor has let go of the function too: JavaScript may end the environment in this very event.
        link->task->wait();
        napi_remove_env_cleanup_hook(e, environmentEnds, link);
      } else {
        link->progressPending = false;
      }
      link->onEvent(e, event);
    });
    if (done) link->events.Release();
  };
  Executor::instance().submit(std::move(task));
}

}  // namespace cnnative
