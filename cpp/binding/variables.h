#pragma once

#include <napi.h>

#include <memory>

#include "program/variables.h"

namespace cnnative {

/// JavaScript's `Variables`: see lib/native.ts.
class VariablesBinding : public Napi::ObjectWrap<VariablesBinding> {
 public:
  static Napi::Function define(Napi::Env env);
  /// On every such object, and on nothing else, whatever its prototype says.
  static constexpr napi_type_tag kTag = {0x835cc79b440f0475ull, 0xb8e12a1719bcd01eull};
  explicit VariablesBinding(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override;

  const std::shared_ptr<Variables>& variables() const { return variables_; }

 private:
  Napi::Value read(const Napi::CallbackInfo& info);
  Napi::Value write(const Napi::CallbackInfo& info);
  Napi::Value exchange(const Napi::CallbackInfo& info);

  std::shared_ptr<Variables> variables_;
};

}  // namespace cnnative
