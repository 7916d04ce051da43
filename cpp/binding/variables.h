#pragma once

#include <napi.h>

#include <memory>

#include "program/variables.h"

namespace cnnative {

/// JavaScript's `Variables`: see lib/native.ts.
class VariablesBinding : public Napi::ObjectWrap<VariablesBinding> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit VariablesBinding(const Napi::CallbackInfo& info);

  const std::shared_ptr<Variables>& variables() const { return variables_; }

 private:
  Napi::Value read(const Napi::CallbackInfo& info);
  Napi::Value write(const Napi::CallbackInfo& info);

  std::shared_ptr<Variables> variables_;
};

}  // namespace cnnative
