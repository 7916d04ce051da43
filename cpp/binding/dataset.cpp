#include "binding/dataset.h"

#include <algorithm>
#include <cstring>

#include "binding/arguments.h"

namespace cnnative {

DatasetBinding::DatasetBinding(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  const ArrayView samples = typedArrayOf(info[0], "samples");
  const int64_t features = integerOf(info[1], "features");
  if (samples.element == Element::int32) throwType(env, "samples", "a Uint8Array, Float32Array or Float64Array");
  if (features < 1 || samples.elements % features != 0) throwType(env, "features", "a divisor of the samples' length");
  Dataset& d = *dataset_;
  d.element = samples.element;
  d.features = features;
  d.size = samples.elements / features;
  if (!info[2].IsNull()) readLabels(info[2]);

  const int64_t bytes = samples.elements * elementSize(samples.element);
  d.samples = guarded(env, [&] { return Memory(bytes, Memory::Use::lasting); });
  if (bytes > 0) std::memcpy(d.samples.data(), samples.data, static_cast<size_t>(bytes));
  // Last, for an object whose constructor throws is never finalized.
  Napi::MemoryManagement::AdjustExternalMemory(env, bytes);
  info.This().As<Napi::Object>().TypeTag(&kTag);
}

void DatasetBinding::readLabels(const Napi::Value& value) {
  Dataset& d = *dataset_;
  const ArrayView labels = typedArrayOf(value, "labels");
  if (labels.element != Element::int32 || labels.elements != d.size) {
    throwType(value.Env(), "labels", "an Int32Array with a label for each of " + std::to_string(d.size) + " samples");
  }
  const auto* first = static_cast<const int32_t*>(labels.data);
  d.labels.assign(first, first + labels.elements);
  for (int32_t label : d.labels) {
    if (label < 0) throwType(value.Env(), "labels", "class indices from 0 on");
    d.largestLabel = std::max(d.largestLabel, label);
  }
}

void DatasetBinding::Finalize(Napi::Env env) {
  Napi::MemoryManagement::AdjustExternalMemory(env, -dataset_->samples.bytes());
}

}  // namespace cnnative
