#pragma once

#include <napi.h>

#include <memory>

#include "program/program.h"

namespace cnnative {

/// JavaScript's `Program`: see lib/native.ts.
class ProgramBinding : public Napi::ObjectWrap<ProgramBinding> {
 public:
  static Napi::Function define(Napi::Env env);
  /// On every such object, and on nothing else, whatever its prototype says.
  static constexpr napi_type_tag kTag = {0x8159a92661aa0c90ull, 0xfeabfb28f80e2ab8ull};
  explicit ProgramBinding(const Napi::CallbackInfo& info);

  const std::shared_ptr<const Program>& program() const { return program_; }
  /// Tells V8 what the program keeps between runs.
  void accountKept(Napi::Env env);
  void Finalize(Napi::Env env) override;

 private:
  Napi::Value arenaBytes(const Napi::CallbackInfo& info);
  Napi::Value releaseMemory(const Napi::CallbackInfo& info);

  std::shared_ptr<const Program> program_;
  int64_t accounted_ = 0;
};

}  // namespace cnnative
