// Where a tap of a convolution meets its input.
#pragma once

#include "kernels/conv/conv.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

struct Span {
  int64_t first, last;
};

// The output positions at which a tap meets the input.
static inline Span tapSpan(const Axis& a, int64_t tap) {
  const int64_t shift = tap * a.step + a.offset;  // 0 <= o * down + shift < in
  const int64_t first = shift >= 0 ? 0 : (-shift + a.down - 1) / a.down;
  const int64_t limit = a.in - shift;
  const int64_t last = limit <= 0 ? 0 : (limit + a.down - 1) / a.down;
  return {first, last < a.out ? last : a.out};
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
