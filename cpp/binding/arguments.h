// Reading JavaScript arguments: every getter checks, and throws a TypeError that names the argument.
#pragma once

#include <napi.h>

#include <string>
#include <vector>

#include "program/element.h"

namespace cnnative {

[[noreturn]] void throwType(Napi::Env env, const std::string& name, const std::string& expected);

Napi::Object objectOf(const Napi::Value& v, const std::string& name);
Napi::Array arrayOf(const Napi::Value& v, const std::string& name);
std::string stringOf(const Napi::Value& v, const std::string& name);
double numberOf(const Napi::Value& v, const std::string& name);
/// A whole number of at most 2^53.
int64_t integerOf(const Napi::Value& v, const std::string& name);
std::vector<int64_t> integersOf(const Napi::Value& v, const std::string& name);

/// Bytes of a typed array, valid only during the call that received it.
struct ArrayView {
  const void* data;
  int64_t elements;
  Element element;
};
/// Float32Array, Float64Array, Int32Array or Uint8Array.
ArrayView typedArrayOf(const Napi::Value& v, const std::string& name);

/// The native object behind a JavaScript one.
template <class Binding>
Binding* unwrapped(const Napi::Value& v, const char* name, const char* expected) {
  const Napi::Object o = objectOf(v, name);
  if (!o.CheckTypeTag(&Binding::kTag)) throwType(v.Env(), name, std::string("a ") + expected);
  return Binding::Unwrap(o);
}

/// Runs a native constructor or function body, turning C++ exceptions into JavaScript errors.
template <class Body>
auto guarded(Napi::Env env, const Body& body) -> decltype(body()) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Napi::RangeError::New(env, "expected memory for the data, received none of the system");
  } catch (const std::exception& e) {
    throw Napi::RangeError::New(env, e.what());
  }
}

}  // namespace cnnative
