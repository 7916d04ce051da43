#include "binding/dataset.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "binding/arguments.h"

namespace cnnative {

namespace {

bool isAbsent(const Napi::Value& value) { return value.IsNull() || value.IsUndefined(); }

void addPart(Dataset& d, const Napi::Value& value, Memory::Use use) {
  const Napi::Env env = value.Env();
  const Napi::Object o = objectOf(value, "a part");
  const int64_t features = integerOf(o.Get("features"), "features");
  const ArrayView samples = typedArrayOf(o.Get("samples"), "samples");
  if (samples.element == Element::int32) throwType(env, "samples", "a Uint8Array, Float32Array or Float64Array");
  if (features < 1 || samples.elements % features != 0) throwType(env, "features", "a divisor of the samples' length");
  const int64_t size = samples.elements / features;
  if (d.parts.empty()) d.size = size;
  if (size != d.size) throwType(env, "samples", std::to_string(d.size) + " samples, as in the part before,");

  const int64_t bytes = samples.elements * elementSize(samples.element);
  Memory copy = guarded(env, [&] { return Memory(bytes, use); });
  if (bytes > 0) std::memcpy(copy.data(), samples.data, static_cast<size_t>(bytes));
  d.parts.push_back({samples.element, features, std::move(copy)});
}

}  // namespace

void addParts(Dataset& dataset, const Napi::Value& parts, Memory::Use use) {
  const Napi::Array all = arrayOf(parts, "parts");
  if (all.Length() == 0) throwType(parts.Env(), "parts", "at least one part");
  for (uint32_t i = 0; i < all.Length(); i++) addPart(dataset, all[i], use);
}

DatasetBinding::DatasetBinding(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  addParts(*dataset_, info[0], Memory::Use::lasting);
  if (!info[1].IsNull()) readLabels(info[1]);
  if (!isAbsent(info[2])) readTargets(info[2]);
  if (!isAbsent(info[3])) readWeights(info[3]);
  // Last, for an object whose constructor throws is never finalized.
  Napi::MemoryManagement::AdjustExternalMemory(env, bytes());
  info.This().As<Napi::Object>().TypeTag(&kTag);
}

void DatasetBinding::readLabels(const Napi::Value& value) {
  Dataset& d = *dataset_;
  const ArrayView labels = typedArrayOf(value, "labels");
  if (labels.element != Element::int32 || labels.elements != d.size) {
    throwType(value.Env(), "labels", "an Int32Array with a label for each of " + std::to_string(d.size) + " samples");
  }
  const auto* first = static_cast<const int32_t*>(labels.data);
  guarded(value.Env(), [&] { d.labels.assign(first, first + labels.elements); });
  for (int32_t label : d.labels) {
    if (label < 0) throwType(value.Env(), "labels", "class indices from 0 on");
    d.largestLabel = std::max(d.largestLabel, label);
  }
}

void DatasetBinding::readTargets(const Napi::Value& value) {
  const Napi::Env env = value.Env();
  const Napi::Object o = objectOf(value, "targets");
  Dataset& d = *dataset_;
  const int64_t features = integerOf(o.Get("features"), "features of the targets");
  const ArrayView targets = typedArrayOf(o.Get("samples"), "samples of the targets");
  if (targets.element != Element::float32 && targets.element != Element::float64) {
    throwType(env, "samples of the targets", "a Float32Array or Float64Array");
  }
  if (features < 1 || targets.elements % features != 0 || targets.elements / features != d.size) {
    throwType(env, "features of the targets", "as many for each of " + std::to_string(d.size) + " samples");
  }
  const int64_t bytes = targets.elements * elementSize(targets.element);
  Memory copy = guarded(env, [&] { return Memory(bytes, Memory::Use::lasting); });
  if (bytes > 0) std::memcpy(copy.data(), targets.data, static_cast<size_t>(bytes));
  d.targets = {targets.element, features, std::move(copy)};
}

void DatasetBinding::readWeights(const Napi::Value& value) {
  Dataset& d = *dataset_;
  const ArrayView weights = typedArrayOf(value, "weights");
  const bool isFloat = weights.element == Element::float32 || weights.element == Element::float64;
  if (!isFloat || weights.elements != d.size) {
    throwType(value.Env(), "weights", "floats, one for each of " + std::to_string(d.size) + " samples");
  }
  if (weights.element == Element::float64) {
    const auto* first = static_cast<const double*>(weights.data);
    guarded(value.Env(), [&] { d.weights.assign(first, first + weights.elements); });
  } else {
    const auto* first = static_cast<const float*>(weights.data);
    guarded(value.Env(), [&] { d.weights.assign(first, first + weights.elements); });
  }
}

void DatasetBinding::write(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const int64_t first = integerOf(info[0], "first");
  const ArrayView samples = typedArrayOf(info[1], "samples");
  const ArrayView labels = typedArrayOf(info[2], "labels");
  Dataset& d = *dataset_;
  if (d.parts.size() != 1 || d.labels.empty()) throwType(env, "this", "a dataset of one part with labels");
  DatasetPart& part = d.parts[0];
  if (samples.element != part.element) throwType(env, "samples", "an array of the type that the dataset holds");
  if (labels.element != Element::int32) throwType(env, "labels", "an Int32Array");
  const int64_t count = labels.elements;
  if (first < 0 || count > d.size || first > d.size - count || samples.elements != count * part.features) {
    throwType(env, "samples", "as many as labels, and as fit into the dataset");
  }
  const auto* const from = static_cast<const int32_t*>(labels.data);
  for (int64_t i = 0; i < count; i++) {
    if (from[i] < 0) throwType(env, "labels", "class indices from 0 on");
    d.largestLabel = std::max(d.largestLabel, from[i]);
  }
  std::copy(from, from + count, d.labels.begin() + first);
  const int64_t bytes = part.features * elementSize(part.element);
  if (count > 0) std::memcpy(part.samples.data() + first * bytes, samples.data, static_cast<size_t>(count * bytes));
}

Napi::Value DatasetBinding::holds(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const ArrayView given = typedArrayOf(info[0], "rows");
  if (given.element != Element::int32) throwType(env, "rows", "an Int32Array");
  const auto* first = static_cast<const int32_t*>(given.data);
  const auto rows = guarded(env, [&] { return std::vector<int32_t>(first, first + given.elements); });
  const Dataset& d = *dataset_;
  for (int32_t row : rows) {
    if (row < 0 || row >= d.size) throwType(env, "rows", "indices below " + std::to_string(d.size));
  }
  const auto same = [&](const Napi::Value& value, Element element, const void* held, int64_t features) {
    if (isAbsent(value)) return features == 0;
    const ArrayView samples = typedArrayOf(value, "samples");
    if (samples.element != element || samples.elements != given.elements * features) return false;
    const auto bytes = static_cast<size_t>(features * elementSize(element));
    const char* next = static_cast<const char*>(samples.data);
    for (int32_t row : rows) {
      if (std::memcmp(static_cast<const char*>(held) + static_cast<size_t>(row) * bytes, next, bytes) != 0)
        return false;
      next += bytes;
    }
    return true;
  };
  const DatasetPart& t = d.targets;
  bool all = same(info[2], Element::int32, d.labels.data(), d.labels.empty() ? 0 : 1) &&
             same(info[3], t.element, t.samples.data(), t.features) && holdsWeights(rows, info[4]);
  if (all && !isAbsent(info[1])) {
    const Napi::Array parts = arrayOf(info[1], "parts");
    all = parts.Length() == d.parts.size();
    for (uint32_t i = 0; all && i < parts.Length(); i++) {
      const DatasetPart& part = d.parts[i];
      all = same(parts[i], part.element, part.samples.data(), part.features);
    }
  }
  return Napi::Boolean::New(env, all);
}

bool DatasetBinding::holdsWeights(const std::vector<int32_t>& rows, const Napi::Value& value) const {
  const std::vector<double>& held = dataset_->weights;
  if (isAbsent(value)) return held.empty();
  const ArrayView given = typedArrayOf(value, "weights");
  if (given.element != Element::float32 || given.elements != static_cast<int64_t>(rows.size()) || held.empty()) {
    return false;
  }
  const auto* next = static_cast<const float*>(given.data);
  return std::all_of(rows.begin(), rows.end(),
                     [&](int32_t row) { return held[static_cast<size_t>(row)] == static_cast<double>(*next++); });
}

void DatasetBinding::releaseMemory(const Napi::CallbackInfo& info) {
  Napi::MemoryManagement::AdjustExternalMemory(info.Env(), -bytes());
  *dataset_ = Dataset();
}

int64_t DatasetBinding::bytes() const {
  int64_t total = dataset_->targets.samples.bytes() + static_cast<int64_t>(dataset_->weights.size() * sizeof(double)) +
                  static_cast<int64_t>(dataset_->labels.size() * sizeof(int32_t));
  for (const DatasetPart& part : dataset_->parts) total += part.samples.bytes();
  return total;
}

void DatasetBinding::Finalize(Napi::Env env) { Napi::MemoryManagement::AdjustExternalMemory(env, -bytes()); }

}  // namespace cnnative
