#include "binding/machine.h"

#include <memory>

#include "binding/arguments.h"
#include "binding/task_link.h"
#include "program/peak.h"

namespace cnnative {

Napi::Value listIsas(const Napi::CallbackInfo& info) {
  Napi::Array names = Napi::Array::New(info.Env());
  for (Isa isa : availableIsas()) names[names.Length()] = Napi::String::New(info.Env(), isaName(isa));
  return names;
}

Napi::Value measurePeak(const Napi::CallbackInfo& info) {
  const auto isa = findIsa(stringOf(info[0], "isa"));
  if (!isa) throwType(info.Env(), "isa", "an instruction set of this machine");
  const int64_t threads = integerOf(info[1], "threads");
  if (threads < 1 || threads > 1024) throwType(info.Env(), "threads", "a number from 1 to 1024");
  auto task = std::make_shared<PeakMeasurement>(*isa, static_cast<int>(threads));
  const auto deferred = Napi::Promise::Deferred::New(info.Env());
  submitTask(info.Env(), task, [task, deferred](Napi::Env env, Task::Event) {
    const Napi::HandleScope scope(env);
    deferred.Resolve(Napi::Number::New(env, task->gflops()));
  });
  return deferred.Promise();
}

}  // namespace cnnative
