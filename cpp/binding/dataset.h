#pragma once

#include <napi.h>

#include <memory>

#include "program/dataset.h"

namespace cnnative {

/// JavaScript's `NativeDataset`: see lib/native.ts.
class DatasetBinding : public Napi::ObjectWrap<DatasetBinding> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Dataset", {InstanceMethod("write", &DatasetBinding::write)});
  }
  /// On every such object, and on nothing else, whatever its prototype says.
  static constexpr napi_type_tag kTag = {0x7d6a5dd9ab67acc2ull, 0x6a5227b25dc3eb33ull};
  explicit DatasetBinding(const Napi::CallbackInfo& info);
  /// write(first, samples, labels): replaces samples of the only part, from the first on, and their labels.
  void write(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override;

  const std::shared_ptr<Dataset>& dataset() const { return dataset_; }

 private:
  void readPart(const Napi::Value& value);
  void readLabels(const Napi::Value& value);
  void readTargets(const Napi::Value& value);
  void readWeights(const Napi::Value& value);
  int64_t bytes() const;

  std::shared_ptr<Dataset> dataset_ = std::make_shared<Dataset>();
};

}  // namespace cnnative
