// Ties a task of the executor to the JavaScript environment that started it: events come back on its thread, the
// environment stays alive until the task is done, and an environment that ends first cancels the task and waits for it.
#pragma once

#include <napi.h>

#include <functional>
#include <memory>

#include "program/task.h"

namespace cnnative {

/// Submits the task. onEvent runs on env's thread: any number of times for progress (events coalesce while JavaScript
/// is busy), once for done. It is destroyed on that thread too, so it may own references to JavaScript values.
void submitTask(Napi::Env env, std::shared_ptr<Task> task, std::function<void(Napi::Env, Task::Event)> onEvent);

}  // namespace cnnative
