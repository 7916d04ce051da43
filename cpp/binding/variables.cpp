#include "binding/variables.h"

#include <cstring>
#include <utility>
#include <vector>

#include "binding/arguments.h"
#include "binding/task_link.h"

namespace cnnative {

namespace {

/// Copies variables out or in on the executor's thread, so between two steps of any training at work on them.
class CopyTask : public Task {
 public:
  struct Part {
    int64_t slot;
    std::vector<std::byte> bytes;
  };
  CopyTask(std::shared_ptr<Variables> variables, std::vector<Part> parts, bool write)
      : variables(std::move(variables)), parts(std::move(parts)), write_(write) {
    share = this->variables->share;
  }

  bool advance(double) noexcept override {
    for (Part& part : parts) {
      std::byte* data = variables->data(part.slot);
      if (write_) {
        std::memcpy(data, part.bytes.data(), part.bytes.size());
      } else {
        std::memcpy(part.bytes.data(), data, part.bytes.size());
      }
    }
    if (write_) variables->changed();
    return true;
  }

  const std::shared_ptr<Variables> variables;
  std::vector<Part> parts;

 private:
  bool write_;
};

Napi::Value typedArray(Napi::Env env, Element element, const std::vector<std::byte>& bytes) {
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, bytes.size());
  if (!bytes.empty()) std::memcpy(buffer.Data(), bytes.data(), bytes.size());
  if (element == Element::float64) return Napi::Float64Array::New(env, bytes.size() / 8, buffer, 0);
  return Napi::Float32Array::New(env, bytes.size() / 4, buffer, 0);
}

}  // namespace

Napi::Function VariablesBinding::define(Napi::Env env) {
  return DefineClass(
      env, "Variables",
      {InstanceMethod("read", &VariablesBinding::read), InstanceMethod("write", &VariablesBinding::write)});
}

VariablesBinding::VariablesBinding(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const std::string element = stringOf(info[0], "element");
  if (element != "float32" && element != "float64") throwType(info.Env(), "element", "float32 or float64");
  const std::vector<int64_t> slots = integersOf(info[1], "slots");
  for (int64_t elements : slots) {
    if (elements < 0 || elements > int64_t(1) << 40) throwType(info.Env(), "slots", "sizes that fit in memory");
  }
  variables_ = guarded(info.Env(), [&] {
    return std::make_shared<Variables>(element == "float64" ? Element::float64 : Element::float32, slots);
  });
  info.This().As<Napi::Object>().TypeTag(&kTag);
  Napi::MemoryManagement::AdjustExternalMemory(info.Env(), variables_->bytes());
}

void VariablesBinding::Finalize(Napi::Env env) {
  Napi::MemoryManagement::AdjustExternalMemory(env, -variables_->bytes());
}

Napi::Value VariablesBinding::read(const Napi::CallbackInfo& info) {
  std::vector<CopyTask::Part> parts;
  for (int64_t slot = 0; slot < variables_->slots(); slot++) {
    parts.push_back({slot, std::vector<std::byte>(
                               static_cast<size_t>(variables_->elements(slot) * elementSize(variables_->element())))});
  }
  auto task = std::make_shared<CopyTask>(variables_, std::move(parts), false);
  const auto deferred = Napi::Promise::Deferred::New(info.Env());
  submitTask(info.Env(), task, [task, deferred](Napi::Env env, Task::Event) {
    const Napi::HandleScope scope(env);
    Napi::Array result = Napi::Array::New(env, task->parts.size());
    for (uint32_t i = 0; i < task->parts.size(); i++) {
      result[i] = typedArray(env, task->variables->element(), task->parts[i].bytes);
    }
    deferred.Resolve(result);
  });
  return deferred.Promise();
}

Napi::Value VariablesBinding::write(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Array arrays = arrayOf(info[0], "values");
  if (arrays.Length() != static_cast<uint32_t>(variables_->slots())) {
    throwType(env, "values", "one entry for each of " + std::to_string(variables_->slots()) + " slots");
  }
  std::vector<CopyTask::Part> parts;
  // What an array gives may be the work of a getter, which may change its length.
  for (uint32_t i = 0; i < static_cast<uint32_t>(variables_->slots()); i++) {
    const Napi::Value value = arrays[i];
    if (value.IsNull()) continue;
    const ArrayView view = typedArrayOf(value, "values[" + std::to_string(i) + "]");
    if (view.element != variables_->element() || view.elements != variables_->elements(i)) {
      throwType(env, "values[" + std::to_string(i) + "]",
                std::to_string(variables_->elements(i)) + " " + elementName(variables_->element()));
    }
    const auto* bytes = static_cast<const std::byte*>(view.data);
    parts.push_back({i, std::vector<std::byte>(bytes, bytes + view.elements * elementSize(view.element))});
  }
  auto task = std::make_shared<CopyTask>(variables_, std::move(parts), true);
  const auto deferred = Napi::Promise::Deferred::New(env);
  submitTask(env, task, [deferred](Napi::Env e, Task::Event) {
    const Napi::HandleScope scope(e);
    deferred.Resolve(e.Undefined());
  });
  return deferred.Promise();
}

}  // namespace cnnative
