#include "binding/rows.h"

#include <cmath>
#include <utility>
#include <vector>

#include "binding/arguments.h"
#include "program/row_reader.h"

namespace cnnative {

namespace {

/// Reads on a thread of Node's pool, into an array that the worker holds until it is done.
class ReadRows : public Napi::AsyncWorker {
 public:
  ReadRows(const Napi::Env& env, RowSource source, std::vector<int64_t> positions, const ArrayView& into,
           const Napi::Value& held)
      : AsyncWorker(env, "cnnative.readRows"),
        deferred_(Napi::Promise::Deferred::New(env)),
        source_(std::move(source)),
        positions_(std::move(positions)),
        into_(static_cast<std::byte*>(const_cast<void*>(into.data))),
        held_(Napi::Persistent(held.As<Napi::Object>())) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { whole_ = readRows(source_, positions_, into_, &fault_); }

  void OnOK() override {
    const Napi::HandleScope scope(Env());
    if (whole_) {
      deferred_.Resolve(Env().Null());
      return;
    }
    Napi::Object fault = Napi::Object::New(Env());
    fault.Set("row", Napi::Number::New(Env(), static_cast<double>(fault_.row)));
    fault.Set("reason", Napi::String::New(Env(), fault_.reason));
    deferred_.Resolve(fault);
  }

  // Such as memory that cannot be had.
  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Napi::Promise::Deferred deferred_;
  RowSource source_;
  std::vector<int64_t> positions_;
  std::byte* into_;
  Napi::ObjectReference held_;
  bool whole_ = false;
  RowFault fault_;
};

std::vector<int64_t> positionsOf(const Napi::Value& value) {
  const ArrayView view = typedArrayOf(value, "positions");
  if (view.element != Element::float64) throwType(value.Env(), "positions", "a Float64Array");
  const auto* first = static_cast<const double*>(view.data);
  std::vector<int64_t> positions(static_cast<size_t>(view.elements));
  for (size_t i = 0; i < positions.size(); i++) {
    if (!(first[i] >= 0 && first[i] <= 9007199254740992.0)) throwType(value.Env(), "positions", "bytes from 0");
    if (first[i] != std::floor(first[i])) throwType(value.Env(), "positions", "whole numbers");
    positions[i] = static_cast<int64_t>(first[i]);
  }
  return positions;
}

}  // namespace

Napi::Value readRows(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object o = objectOf(info[0], "source");
  RowSource source;
  source.path = stringOf(o.Get("path"), "path");
  source.rowBytes = integerOf(o.Get("rowBytes"), "rowBytes");
  source.swapped = o.Get("swapped").ToBoolean().Value();
  // Last: getters of what was read before may have taken its memory away.
  const ArrayView into = typedArrayOf(info[2], "into");
  source.floats = into.element == Element::float32;
  return guarded(env, [&]() -> Napi::Value {
    std::vector<int64_t> positions = positionsOf(info[1]);
    const int64_t bytes = into.elements * elementSize(into.element);
    const bool known = into.element == Element::uint8 || source.floats;
    if (!known) throwType(env, "into", "a Uint8Array or Float32Array");
    if (source.rowBytes < 1 || source.rowBytes % elementSize(into.element) != 0 ||
        static_cast<int64_t>(positions.size()) > bytes / source.rowBytes) {
      throwType(env, "into", "room for every row");
    }
    auto* const worker = new ReadRows(env, std::move(source), std::move(positions), into, info[2]);
    const Napi::Promise promise = worker->promise();
    worker->Queue();
    return promise;
  });
}

Napi::Value toPlanes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const ArrayView pixels = typedArrayOf(info[0], "pixels");
  const int64_t channels = integerOf(info[1], "channels");
  const ArrayView into = typedArrayOf(info[2], "into");
  if (pixels.element != Element::uint8) throwType(env, "pixels", "a Uint8Array");
  if (channels < 1 || pixels.elements % channels != 0) throwType(env, "channels", "a divisor of the pixels' length");
  if (into.element != Element::uint8 || into.elements != pixels.elements) {
    throwType(env, "into", "a Uint8Array as long as pixels");
  }
  const int64_t size = pixels.elements / channels;
  const auto* const from = static_cast<const uint8_t*>(pixels.data);
  auto* const to = static_cast<uint8_t*>(const_cast<void*>(into.data));
  for (int64_t c = 0; c < channels; c++) {
    for (int64_t i = 0; i < size; i++) to[c * size + i] = from[i * channels + c];
  }
  return env.Undefined();
}

}  // namespace cnnative
