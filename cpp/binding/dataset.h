#pragma once

#include <napi.h>

#include <memory>

#include "program/dataset.h"

namespace cnnative {

/// JavaScript's `NativeDataset`: see lib/native.ts.
class DatasetBinding : public Napi::ObjectWrap<DatasetBinding> {
 public:
  static Napi::Function define(Napi::Env env) { return DefineClass(env, "Dataset", {}); }
  explicit DatasetBinding(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override;

  const std::shared_ptr<Dataset>& dataset() const { return dataset_; }

 private:
  std::shared_ptr<Dataset> dataset_ = std::make_shared<Dataset>();
};

}  // namespace cnnative
