#include "binding/machine.h"

#include <memory>

#include "binding/arguments.h"
#include "binding/task_link.h"
#include "program/peak.h"
#include "program/stream.h"

namespace cnnative {

Napi::Value listIsas(const Napi::CallbackInfo& info) {
  Napi::Array names = Napi::Array::New(info.Env());
  for (Isa isa : availableIsas()) names[names.Length()] = Napi::String::New(info.Env(), isaName(isa));
  return names;
}

namespace {

Isa isaOf(const Napi::CallbackInfo& info) {
  const auto isa = findIsa(stringOf(info[0], "isa"));
  if (!isa) throwType(info.Env(), "isa", "an instruction set of this machine");
  return *isa;
}

int threadsOf(const Napi::CallbackInfo& info) {
  const int64_t threads = integerOf(info[1], "threads");
  if (threads < 1 || threads > 1024) throwType(info.Env(), "threads", "a number from 1 to 1024");
  return static_cast<int>(threads);
}

/// A promise of what `result` gives once the task is done.
template <class Measurement>
Napi::Value promiseOf(Napi::Env environment, const std::shared_ptr<Measurement>& task,
                      double (Measurement::*result)() const) {
  const auto deferred = Napi::Promise::Deferred::New(environment);
  submitTask(environment, task, [task, deferred, result](Napi::Env env, Task::Event) {
    const Napi::HandleScope scope(env);
    deferred.Resolve(Napi::Number::New(env, (task.get()->*result)()));
  });
  return deferred.Promise();
}

}  // namespace

Napi::Value measurePeak(const Napi::CallbackInfo& info) {
  const auto task = std::make_shared<PeakMeasurement>(isaOf(info), threadsOf(info));
  return promiseOf(info.Env(), task, &PeakMeasurement::gflops);
}

Napi::Value measureStream(const Napi::CallbackInfo& info) {
  const Isa isa = isaOf(info);
  const int threads = threadsOf(info);
  const int64_t bytes = integerOf(info[2], "bytes");
  if (bytes < 4096) throwType(info.Env(), "bytes", "a number from 4096");
  const auto task = guarded(info.Env(), [&] { return std::make_shared<StreamMeasurement>(isa, threads, bytes); });
  return promiseOf(info.Env(), task, &StreamMeasurement::gigabytesPerSecond);
}

}  // namespace cnnative
