// The vector the kernels are written against: `Vec` holds `kWidth` floats, the natural width of the instruction set
// this translation unit is compiled for. A lane group (kLanes samples) is kVecs of them. Only what two kernels share is
// here.
//
// Everything lives in a namespace named after the instruction set, so that no inline function compiled with wide
// instructions can be picked by the linker for code that runs on every CPU.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"
#include "simd/compiler.h"

#if defined(CNNATIVE_ISA_AVX512)
#define CNNATIVE_ISA_NAMESPACE avx512
#include "simd/avx512.h"
#elif defined(CNNATIVE_ISA_AVX2)
#define CNNATIVE_ISA_NAMESPACE avx2
#include "simd/avx2.h"
#elif defined(CNNATIVE_ISA_NEON)
#define CNNATIVE_ISA_NAMESPACE neon
#include "simd/neon.h"
#else
#error "simd/vec.h belongs to kernels compiled for one instruction set; see cpp/sources.json"
#endif

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

static constexpr int kVecs = kLanes / kWidth;
static_assert(kLanes % kWidth == 0, "a lane group is a whole number of vectors");

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
