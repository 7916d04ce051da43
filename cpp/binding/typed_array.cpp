#include "binding/typed_array.h"

#include <cstring>

namespace cnnative {

Napi::TypedArray typedArray(Napi::Env env, Element element, const void* data, size_t bytes) {
  const char* name = element == Element::float64 ? "Float64Array" : "Float32Array";
  const auto length = static_cast<double>(bytes / static_cast<size_t>(elementSize(element)));
  const auto constructor = env.Global().Get(name).As<Napi::Function>();
  const auto array = constructor.New({Napi::Number::New(env, length)}).As<Napi::TypedArray>();
  if (bytes > 0) std::memcpy(array.ArrayBuffer().Data(), data, bytes);
  return array;
}

}  // namespace cnnative
