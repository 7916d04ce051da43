#pragma once

#include <napi.h>

namespace cnnative {

/// JavaScript's `runHere`: see lib/native/types.ts.
Napi::Value runHere(const Napi::CallbackInfo& info);

}  // namespace cnnative
