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
  const int64_t bytes = samples.elements * elementSize(samples.element);
  d.samples = guarded(env, [&] { return Memory(bytes); });
  if (bytes > 0) std::memcpy(d.samples.data(), samples.data, static_cast<size_t>(bytes));
  Napi::MemoryManagement::AdjustExternalMemory(env, bytes);
  if (info[2].IsNull()) return;

  const ArrayView labels = typedArrayOf(info[2], "labels");
  if (labels.element != Element::int32 || labels.elements != d.size) {
    throwType(env, "labels", "an Int32Array with a label for each of " + std::to_string(d.size) + " samples");
  }
  const auto* first = static_cast<const int32_t*>(labels.data);
  d.labels.assign(first, first + labels.elements);
  for (int32_t label : d.labels) {
    if (label < 0) throwType(env, "labels", "class indices from 0 on");
    d.largestLabel = std::max(d.largestLabel, label);
  }
}

void DatasetBinding::Finalize(Napi::Env env) {
  Napi::MemoryManagement::AdjustExternalMemory(env, -dataset_->samples.bytes());
}

}  // namespace cnnative
