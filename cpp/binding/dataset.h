#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "program/dataset.h"

namespace cnnative {

/// Copies samples for each input of a network, an array of `{ samples, features }`.
void addParts(Dataset& dataset, const Napi::Value& parts, Memory::Use use);

/// JavaScript's `NativeDataset`: see lib/native.ts.
class DatasetBinding : public Napi::ObjectWrap<DatasetBinding> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Dataset",
        {InstanceMethod("holds", &DatasetBinding::holds), InstanceMethod("write", &DatasetBinding::write),
         InstanceMethod("releaseMemory", &DatasetBinding::releaseMemory)});
  }
  /// On every such object, and on nothing else, whatever its prototype says.
  static constexpr napi_type_tag kTag = {0x7d6a5dd9ab67acc2ull, 0x6a5227b25dc3eb33ull};
  explicit DatasetBinding(const Napi::CallbackInfo& info);
  /// holds(rows, parts | null, labels, targets, weights): whether the samples of these rows have all that is given and
  /// nothing else.
  Napi::Value holds(const Napi::CallbackInfo& info);
  /// releaseMemory(): what no run reads any more is not left to the garbage collector. No sample is left.
  void releaseMemory(const Napi::CallbackInfo& info);
  /// write(first, samples, labels): replaces samples of the only part, from the first on, and their labels.
  void write(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override;

  const std::shared_ptr<Dataset>& dataset() const { return dataset_; }

 private:
  void readLabels(const Napi::Value& value);
  void readTargets(const Napi::Value& value);
  void readWeights(const Napi::Value& value);
  bool holdsWeights(const std::vector<int32_t>& rows, const Napi::Value& value) const;
  int64_t bytes() const;

  std::shared_ptr<Dataset> dataset_ = std::make_shared<Dataset>();
};

}  // namespace cnnative
