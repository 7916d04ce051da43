// Copies of arrays in another order of their axes.
#pragma once

#include <napi.h>

namespace cnnative {

/// rearrange(out, source, itemBytes, shape, strides, begin, end): see lib/native.ts.
void rearrange(const Napi::CallbackInfo& info);

}  // namespace cnnative
