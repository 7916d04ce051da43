#include "binding/typed_array.h"

#include <cstring>

namespace cnnative {

namespace {

/// Node's function for native code ends the process when it finds no memory; a process that lacks this little is at its
/// end anyway.
constexpr size_t kSmallBytes = size_t(1) << 20;

Napi::ArrayBuffer newBuffer(Napi::Env env, size_t bytes) {
  if (bytes <= kSmallBytes) return Napi::ArrayBuffer::New(env, bytes);
  const auto constructor = env.Global().Get("ArrayBuffer").As<Napi::Function>();
  return constructor.New({Napi::Number::New(env, static_cast<double>(bytes))}).As<Napi::ArrayBuffer>();
}

}  // namespace

Napi::TypedArray typedArray(Napi::Env env, Element element, const void* data, size_t bytes) {
  Napi::ArrayBuffer buffer = newBuffer(env, bytes);
  if (bytes > 0) std::memcpy(buffer.Data(), data, bytes);
  if (element == Element::float64) return Napi::Float64Array::New(env, bytes / 8, buffer, 0);
  return Napi::Float32Array::New(env, bytes / 4, buffer, 0);
}

}  // namespace cnnative
