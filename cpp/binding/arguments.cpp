#include "binding/arguments.h"

#include <cmath>

namespace cnnative {

void throwType(Napi::Env env, const std::string& name, const std::string& expected) {
  throw Napi::TypeError::New(env, "expected " + expected + " for " + name);
}

Napi::Object objectOf(const Napi::Value& v, const std::string& name) {
  if (!v.IsObject()) throwType(v.Env(), name, "an object");
  return v.As<Napi::Object>();
}

Napi::Array arrayOf(const Napi::Value& v, const std::string& name) {
  if (!v.IsArray()) throwType(v.Env(), name, "an array");
  return v.As<Napi::Array>();
}

std::string stringOf(const Napi::Value& v, const std::string& name) {
  if (!v.IsString()) throwType(v.Env(), name, "a string");
  return v.As<Napi::String>().Utf8Value();
}

double numberOf(const Napi::Value& v, const std::string& name) {
  if (!v.IsNumber()) throwType(v.Env(), name, "a number");
  return v.As<Napi::Number>().DoubleValue();
}

int64_t integerOf(const Napi::Value& v, const std::string& name) {
  const double d = numberOf(v, name);
  if (d != std::floor(d) || std::fabs(d) > 9007199254740991.0) throwType(v.Env(), name, "a whole number");
  return static_cast<int64_t>(d);
}

std::vector<int64_t> integersOf(const Napi::Value& v, const std::string& name) {
  const Napi::Array list = arrayOf(v, name);
  std::vector<int64_t> result;
  for (uint32_t i = 0; i < list.Length(); i++) result.push_back(integerOf(list[i], name));
  return result;
}

ArrayView typedArrayOf(const Napi::Value& v, const std::string& name) {
  constexpr const char* kExpected = "a Float32Array, Float64Array, Int32Array or Uint8Array";
  if (!v.IsTypedArray()) throwType(v.Env(), name, kExpected);
  const Napi::TypedArray array = v.As<Napi::TypedArray>();
  Element element;
  switch (array.TypedArrayType()) {
    case napi_float32_array:
      element = Element::float32;
      break;
    case napi_float64_array:
      element = Element::float64;
      break;
    case napi_int32_array:
      element = Element::int32;
      break;
    case napi_uint8_array:
      element = Element::uint8;
      break;
    default:
      throwType(v.Env(), name, kExpected);
  }
  // Not through ArrayBuffer(): that refuses memory shared between threads. The bytes begin at the array's offset
  // already.
  void* bytes = nullptr;
  size_t elements = 0;
  const napi_status status = napi_get_typedarray_info(v.Env(), v, nullptr, &elements, &bytes, nullptr, nullptr);
  if (status != napi_ok) throw Napi::Error::New(v.Env());
  return {bytes, static_cast<int64_t>(elements), element};
}

}  // namespace cnnative
