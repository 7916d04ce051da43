#include "binding/variables.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "binding/arguments.h"
#include "binding/task_link.h"
#include "binding/typed_array.h"

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
    if (write_) variables->beforeChange();
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

/// Lets slots of two stores change places, in memory that is there already.
class ExchangeTask : public Task {
 public:
  struct Pair {
    int64_t slot, other;
  };
  ExchangeTask(std::shared_ptr<Variables> variables, std::shared_ptr<Variables> others, std::vector<Pair> pairs)
      : variables_(std::move(variables)), others_(std::move(others)), pairs_(std::move(pairs)) {
    share = variables_->share;
  }

  bool advance(double) noexcept override {
    variables_->beforeChange();
    others_->beforeChange();
    for (const Pair& pair : pairs_) {
      std::byte* data = variables_->data(pair.slot);
      std::swap_ranges(data, data + variables_->elements(pair.slot) * elementSize(variables_->element()),
                       others_->data(pair.other));
    }
    variables_->changed();
    others_->changed();
    return true;
  }

 private:
  std::shared_ptr<Variables> variables_, others_;
  std::vector<Pair> pairs_;
};

/// Submits a task that gives nothing.
Napi::Value promised(Napi::Env env, const std::shared_ptr<Task>& task) {
  const auto deferred = Napi::Promise::Deferred::New(env);
  submitTask(env, task, [deferred](Napi::Env e, Task::Event) {
    const Napi::HandleScope scope(e);
    deferred.Resolve(e.Undefined());
  });
  return deferred.Promise();
}

}  // namespace

Napi::Function VariablesBinding::define(Napi::Env env) {
  return DefineClass(
      env, "Variables",
      {InstanceMethod("read", &VariablesBinding::read), InstanceMethod("write", &VariablesBinding::write),
       InstanceMethod("exchange", &VariablesBinding::exchange)});
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
  auto task = guarded(info.Env(), [&] {
    std::vector<CopyTask::Part> parts;
    for (int64_t slot = 0; slot < variables_->slots(); slot++) {
      const int64_t bytes = variables_->elements(slot) * elementSize(variables_->element());
      parts.push_back({slot, std::vector<std::byte>(static_cast<size_t>(bytes))});
    }
    return std::make_shared<CopyTask>(variables_, std::move(parts), false);
  });
  const auto deferred = Napi::Promise::Deferred::New(info.Env());
  submitTask(info.Env(), task, [task, deferred](Napi::Env env, Task::Event) {
    const Napi::HandleScope scope(env);
    Napi::Array result = Napi::Array::New(env, task->parts.size());
    try {
      for (uint32_t i = 0; i < task->parts.size(); i++) {
        const std::vector<std::byte>& bytes = task->parts[i].bytes;
        result[i] = typedArray(env, task->variables->element(), bytes.data(), bytes.size());
      }
    } catch (const Napi::Error& error) {
      deferred.Reject(error.Value());
      return;
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
    guarded(env, [&] {
      parts.push_back({i, std::vector<std::byte>(bytes, bytes + view.elements * elementSize(view.element))});
    });
  }
  return promised(env, std::make_shared<CopyTask>(variables_, std::move(parts), true));
}

Napi::Value VariablesBinding::exchange(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::vector<int64_t> slots = integersOf(info[0], "slots"), others = integersOf(info[2], "others");
  const std::shared_ptr<Variables>& other = unwrapped<VariablesBinding>(info[1], "other", "Variables")->variables();
  if (other == variables_ || other->element() != variables_->element()) {
    throwType(env, "other", "another store of " + std::string(elementName(variables_->element())));
  }
  if (others.size() != slots.size())
    throwType(env, "others", "one for each of " + std::to_string(slots.size()) + " slots");
  std::vector<ExchangeTask::Pair> pairs;
  const auto has = [](const Variables& store, int64_t slot) { return slot >= 0 && slot < store.slots(); };
  for (size_t i = 0; i < slots.size(); i++) {
    if (!has(*variables_, slots[i]) || !has(*other, others[i]) ||
        variables_->elements(slots[i]) != other->elements(others[i])) {
      throwType(env, "others[" + std::to_string(i) + "]", "a slot as large as slots[" + std::to_string(i) + "]");
    }
    pairs.push_back({slots[i], others[i]});
  }
  return promised(env, std::make_shared<ExchangeTask>(variables_, other, std::move(pairs)));
}

}  // namespace cnnative
