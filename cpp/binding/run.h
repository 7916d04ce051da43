#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "program/run.h"

namespace cnnative {

/// The stores and the threads of a run.
std::vector<std::shared_ptr<Variables>> storesOf(const Napi::Value& v);
int threadsOf(const Napi::Value& v);

/// JavaScript's `Run`: see lib/native.ts.
class RunBinding : public Napi::ObjectWrap<RunBinding> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit RunBinding(const Napi::CallbackInfo& info);

 private:
  Napi::Value cancel(const Napi::CallbackInfo& info);
  Napi::Value completed(const Napi::CallbackInfo& info);
  Napi::Value cancelled(const Napi::CallbackInfo& info);
  Napi::Value metNonFinite(const Napi::CallbackInfo& info);
  Napi::Value error(const Napi::CallbackInfo& info);
  Napi::Value metrics(const Napi::CallbackInfo& info);
  Napi::Value stepSeconds(const Napi::CallbackInfo& info);
  Napi::Value callSeconds(const Napi::CallbackInfo& info);
  Napi::Value output(const Napi::CallbackInfo& info);

  std::shared_ptr<Run> run_;
  int64_t metricsPerStep_ = 0;
  Element element_ = Element::float32;
};

}  // namespace cnnative
