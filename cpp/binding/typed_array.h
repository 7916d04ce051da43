// Results as typed arrays of JavaScript.
#pragma once

#include <napi.h>

#include "program/element.h"

namespace cnnative {

/// A copy of so many bytes as a Float32Array or Float64Array. Throws JavaScript's RangeError when there is no memory
/// for it.
Napi::TypedArray typedArray(Napi::Env env, Element element, const void* data, size_t bytes);

}  // namespace cnnative
