// The orders in which samples are taken: drawn natively, for an epoch waits for its order.
#pragma once

#include <napi.h>

namespace cnnative {

/// shuffle(values, key, stream): see lib/native.ts.
void shuffle(const Napi::CallbackInfo& info);

/// drawIntegers(into, n, key, stream): see lib/native.ts.
void drawIntegers(const Napi::CallbackInfo& info);

}  // namespace cnnative
