#pragma once

#include <napi.h>

namespace cnnative {

/// readRows(source, positions, into): promise of null, or of what is wrong with the file. See lib/native.ts.
Napi::Value readRows(const Napi::CallbackInfo& info);

/// toPlanes(pixels, channels, into): interleaved pixels to one plane a channel.
Napi::Value toPlanes(const Napi::CallbackInfo& info);

}  // namespace cnnative
