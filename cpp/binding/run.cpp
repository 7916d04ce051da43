#include "binding/run.h"

#include <algorithm>
#include <utility>

#include "binding/arguments.h"
#include "binding/dataset.h"
#include "binding/program.h"
#include "binding/task_link.h"
#include "binding/typed_array.h"
#include "binding/variables.h"
#include "program/executor.h"
#include "program/team.h"

namespace cnnative {

std::vector<std::shared_ptr<Variables>> storesOf(const Napi::Value& v) {
  const Napi::Array stores = arrayOf(v, "stores");
  std::vector<std::shared_ptr<Variables>> all;
  for (uint32_t i = 0; i < stores.Length(); i++) {
    all.push_back(unwrapped<VariablesBinding>(stores[i], "stores", "Variables")->variables());
  }
  return all;
}

int threadsOf(const Napi::Value& v) {
  return static_cast<int>(std::clamp<int64_t>(integerOf(v, "threads"), 0, 1 << 20));
}

namespace {

RunInputs inputsOf(const Napi::CallbackInfo& info) {
  const Napi::Object o = objectOf(info[1], "inputs");
  RunInputs in;
  in.program = unwrapped<ProgramBinding>(info[0], "program", "Program")->program();
  in.stores = storesOf(o.Get("stores"));
  in.dataset = unwrapped<DatasetBinding>(o.Get("dataset"), "dataset", "Dataset")->dataset();
  const ArrayView order = typedArrayOf(o.Get("order"), "order");
  if (order.element != Element::int32) throwType(info.Env(), "order", "an Int32Array");
  const auto* samples = static_cast<const int32_t*>(order.data);
  in.order.assign(samples, samples + order.elements);
  const ArrayView scalars = typedArrayOf(o.Get("scalars"), "scalars");
  if (scalars.element != Element::float64) throwType(info.Env(), "scalars", "a Float64Array");
  const auto* numbers = static_cast<const double*>(scalars.data);
  in.scalars.assign(numbers, numbers + scalars.elements);
  in.batchSize = integerOf(o.Get("batchSize"), "batchSize");
  const Napi::Value firstStep = o.Get("firstStep");
  if (!firstStep.IsUndefined()) in.firstStep = integerOf(firstStep, "firstStep");
  const Napi::Value keys = o.Get("keys");
  if (!keys.IsUndefined()) {
    const ArrayView numbers = typedArrayOf(keys, "keys");
    if (numbers.element != Element::int32 || numbers.elements != order.elements) {
      throwType(info.Env(), "keys",
                "an Int32Array with a key for each of " + std::to_string(order.elements) + " samples");
    }
    const auto* firstKey = static_cast<const int32_t*>(numbers.data);
    // Those of a whole set are its indices.
    if (firstKey != samples) in.keys.assign(firstKey, firstKey + numbers.elements);
  }
  const Napi::Value pool = o.Get("pool");
  if (!pool.IsUndefined()) {
    const ArrayView numbers = typedArrayOf(pool, "pool");
    if (numbers.element != Element::int32) throwType(info.Env(), "pool", "an Int32Array");
    const auto* firstIndex = static_cast<const int32_t*>(numbers.data);
    in.pool.assign(firstIndex, firstIndex + numbers.elements);
  }
  const Napi::Value epoch = o.Get("epoch");
  if (!epoch.IsUndefined()) in.epoch = integerOf(epoch, "epoch");
  in.profile = o.Get("profile").ToBoolean();
  in.stopsAtNonFinite = o.Get("stopAtNonFinite").ToBoolean();
  in.keepsMemory = o.Get("keepMemory").ToBoolean();
  in.threads = threadsOf(o.Get("threads"));
  return in;
}

}  // namespace

Napi::Function RunBinding::define(Napi::Env env) {
  return DefineClass(
      env, "Run",
      {InstanceMethod("cancel", &RunBinding::cancel), InstanceMethod("completed", &RunBinding::completed),
       InstanceMethod("cancelled", &RunBinding::cancelled), InstanceMethod("metNonFinite", &RunBinding::metNonFinite),
       InstanceMethod("error", &RunBinding::error), InstanceMethod("metrics", &RunBinding::metrics),
       InstanceMethod("stepSeconds", &RunBinding::stepSeconds), InstanceMethod("callSeconds", &RunBinding::callSeconds),
       InstanceMethod("output", &RunBinding::output)});
}

RunBinding::RunBinding(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  if (!info[2].IsFunction()) throwType(env, "listener", "a function");
  RunInputs inputs = guarded(env, [&] { return inputsOf(info); });
  metricsPerStep_ = inputs.program->description().metrics;
  element_ = inputs.program->description().element;
  run_ = guarded(env, [&] { return std::make_shared<Run>(std::move(inputs)); });
  unwrapped<ProgramBinding>(info[0], "program", "Program")->accountKept(env);
  // A long run has the cores for itself; a short one is over before this thread had its team again.
  if (run_->steps() > 1) Team::release();
  const int64_t bytes = run_->arenaBytes() + run_->output().bytes();
  // The reference dies with the function object, which the link deletes on this thread.
  auto listener = std::make_shared<Napi::FunctionReference>(Napi::Persistent(info[2].As<Napi::Function>()));
  submitTask(env, run_, [listener, bytes](Napi::Env e, Task::Event event) {
    const Napi::HandleScope scope(e);
    const bool done = event == Task::Event::done;
    if (done) Napi::MemoryManagement::AdjustExternalMemory(e, -bytes);
    listener->Call({Napi::String::New(e, done ? "done" : "progress")});
  });
  // Not before: what cannot be submitted is never done. Events come only once this thread is back in its loop.
  Napi::MemoryManagement::AdjustExternalMemory(env, bytes);
}

Napi::Value RunBinding::cancel(const Napi::CallbackInfo& info) {
  run_->cancel();
  return info.Env().Undefined();
}

Napi::Value RunBinding::completed(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(run_->completed()));
}

Napi::Value RunBinding::cancelled(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), run_->cancelled());
}

Napi::Value RunBinding::metNonFinite(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), run_->metNonFinite());
}

Napi::Value RunBinding::error(const Napi::CallbackInfo& info) {
  if (run_->error().empty()) return info.Env().Null();
  return Napi::String::New(info.Env(), run_->error());
}

Napi::Value RunBinding::metrics(const Napi::CallbackInfo& info) {
  const int64_t last = run_->completed();
  const int64_t first = std::clamp<int64_t>(integerOf(info[0], "first"), 0, last);
  const auto count = static_cast<size_t>((last - first) * metricsPerStep_);
  const double* const metrics = run_->metrics().data() + first * metricsPerStep_;
  return typedArray(info.Env(), Element::float64, metrics, count * sizeof(double));
}

Napi::Value RunBinding::stepSeconds(const Napi::CallbackInfo& info) {
  const auto count = static_cast<size_t>(run_->completed());
  return typedArray(info.Env(), Element::float32, run_->stepSeconds().data(), count * sizeof(float));
}

Napi::Value RunBinding::callSeconds(const Napi::CallbackInfo& info) {
  if (run_->completed() < run_->steps()) throwType(info.Env(), "callSeconds()", "a finished run");
  const std::vector<float>& seconds = run_->callSeconds();
  return typedArray(info.Env(), Element::float32, seconds.data(), seconds.size() * sizeof(float));
}

Napi::Value RunBinding::output(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  // Threads write it until the last step is done.
  if (run_->completed() < run_->steps()) throwType(env, "output()", "a finished run");
  const auto bytes = static_cast<size_t>(run_->output().bytes());
  return typedArray(env, element_, run_->output().data(), bytes);
}

}  // namespace cnnative
