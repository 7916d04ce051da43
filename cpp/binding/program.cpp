#include "binding/program.h"

#include "binding/arguments.h"

namespace cnnative {

namespace {

Element elementNamed(const Napi::Value& v) {
  const std::string name = stringOf(v, "element");
  for (Element e : {Element::float32, Element::float64, Element::int32, Element::uint8}) {
    if (name == elementName(e)) return e;
  }
  throwType(v.Env(), "element", "the name of an element type");
}

BufferDescription bufferOf(const Napi::Value& v) {
  const Napi::Object o = objectOf(v, "a buffer");
  BufferDescription b;
  const std::string space = stringOf(o.Get("space"), "space");
  b.element = elementNamed(o.Get("element"));
  b.elements = integerOf(o.Get("elements"), "elements");
  if (space == "variable") {
    b.space = Space::variable;
    b.store = integerOf(o.Get("store"), "store");
    b.slot = integerOf(o.Get("slot"), "slot");
    return b;
  }
  if (space != "sample" && space != "shared") throwType(v.Env(), "space", "sample, shared or variable");
  b.space = space == "sample" ? Space::sample : Space::shared;
  b.offset = integerOf(o.Get("offset"), "offset");
  return b;
}

Phase phaseOf(const Napi::Value& v) {
  const std::string name = stringOf(v, "phase");
  if (name == "prepare") return Phase::prepare;
  if (name == "compute") return Phase::compute;
  if (name == "update") return Phase::update;
  throwType(v.Env(), "phase", "prepare, compute or update");
}

CallDescription callOf(const Napi::Value& v) {
  const Napi::Object o = objectOf(v, "a call");
  CallDescription c;
  c.op = stringOf(o.Get("op"), "op");
  c.phase = phaseOf(o.Get("phase"));
  const Napi::Object operands = objectOf(o.Get("operands"), "operands");
  const Napi::Array names = operands.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); i++) {
    const std::string name = stringOf(names[i], "an operand's name");
    c.operands[name] = integerOf(operands.Get(name), name);
  }
  const Napi::Object attributes = objectOf(o.Get("attributes"), "attributes");
  const Napi::Array keys = attributes.GetPropertyNames();
  for (uint32_t i = 0; i < keys.Length(); i++) {
    const std::string key = stringOf(keys[i], "an attribute's name");
    const Napi::Value value = attributes.Get(key);
    if (value.IsString()) {
      c.words[key] = stringOf(value, key);
    } else if (value.IsArray()) {
      const Napi::Array list = value.As<Napi::Array>();
      std::vector<double>& numbers = c.attributes[key];
      for (uint32_t j = 0; j < list.Length(); j++) numbers.push_back(numberOf(list[j], key));
    } else {
      c.attributes[key] = {numberOf(value, key)};
    }
  }
  return c;
}

ProgramDescription descriptionOf(const Napi::Value& v) {
  const Napi::Object o = objectOf(v, "description");
  ProgramDescription d;
  d.isa = stringOf(o.Get("isa"), "isa");
  d.element = elementNamed(o.Get("element"));
  d.batchSize = integerOf(o.Get("batchSize"), "batchSize");
  d.samplesPerGroup = integerOf(o.Get("samplesPerGroup"), "samplesPerGroup");
  d.groupsPerBlock = integerOf(o.Get("groupsPerBlock"), "groupsPerBlock");
  d.sampleBytes = integerOf(o.Get("sampleBytes"), "sampleBytes");
  d.sharedBytes = integerOf(o.Get("sharedBytes"), "sharedBytes");
  d.inputElements = integersOf(o.Get("inputElements"), "inputElements");
  d.classes = integerOf(o.Get("classes"), "classes");
  d.targetElements = integerOf(o.Get("targetElements"), "targetElements");
  d.outputElements = integerOf(o.Get("outputElements"), "outputElements");
  d.metrics = integerOf(o.Get("metrics"), "metrics");
  d.scalars = integerOf(o.Get("scalars"), "scalars");
  d.stores = integersOf(o.Get("stores"), "stores");
  const Napi::Array buffers = arrayOf(o.Get("buffers"), "buffers");
  for (uint32_t i = 0; i < buffers.Length(); i++) d.buffers.push_back(bufferOf(buffers[i]));
  const Napi::Array calls = arrayOf(o.Get("calls"), "calls");
  for (uint32_t i = 0; i < calls.Length(); i++) d.calls.push_back(callOf(calls[i]));
  d.finite = integersOf(o.Get("finite"), "finite");
  return d;
}

}  // namespace

Napi::Function ProgramBinding::define(Napi::Env env) {
  return DefineClass(env, "Program",
                     {InstanceMethod("arenaBytes", &ProgramBinding::arenaBytes),
                      InstanceMethod("releaseMemory", &ProgramBinding::releaseMemory)});
}

ProgramBinding::ProgramBinding(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  program_ = guarded(info.Env(), [&] { return std::make_shared<const Program>(descriptionOf(info[0])); });
  info.This().As<Napi::Object>().TypeTag(&kTag);
}

void ProgramBinding::accountKept(Napi::Env env) {
  // What runs leave because they were asked to is soon taken by the next, which accounts for it itself.
  const int64_t bytes = program_->keepsPrepared() ? program_->keptBytes() : 0;
  if (bytes != accounted_) Napi::MemoryManagement::AdjustExternalMemory(env, bytes - accounted_);
  accounted_ = bytes;
}

void ProgramBinding::Finalize(Napi::Env env) {
  if (accounted_ > 0) Napi::MemoryManagement::AdjustExternalMemory(env, -accounted_);
}

Napi::Value ProgramBinding::arenaBytes(const Napi::CallbackInfo& info) {
  const int64_t threads = integerOf(info[0], "threads");
  return Napi::Number::New(info.Env(), static_cast<double>(program_->arenaBytes(static_cast<int>(threads))));
}

Napi::Value ProgramBinding::releaseMemory(const Napi::CallbackInfo& info) {
  program_->take();
  return info.Env().Undefined();
}

}  // namespace cnnative
