#pragma once

#include <napi.h>

namespace cnnative {

/// isas(): names of the instruction sets this machine can run, best first.
Napi::Value listIsas(const Napi::CallbackInfo& info);

/// measurePeak(isa, threads): promise of the sustained rate of fused multiply-adds, GFLOP/s.
Napi::Value measurePeak(const Napi::CallbackInfo& info);
/// measureStream(isa, threads, bytes): promise of the rate at which memory is moved, GB/s, adding two arrays of so many
/// bytes.
Napi::Value measureStream(const Napi::CallbackInfo& info);

}  // namespace cnnative
