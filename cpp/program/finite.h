// Whether numbers are finite, told from their bits: compilers may take comparisons of NaN for granted.
#pragma once

#include <cstdint>
#include <cstring>

namespace cnnative {

/// Infinities and NaN have the largest exponents, so without its sign the largest pattern of bits tells of all.
template <class T, class Bits>
bool allFinite(const T* x, int64_t count, Bits infinity) {
  static_assert(sizeof(T) == sizeof(Bits));
  Bits most = 0;
  for (int64_t i = 0; i < count; i++) {
    Bits bits;
    std::memcpy(&bits, x + i, sizeof(bits));
    bits &= ~(Bits(1) << (8 * sizeof(Bits) - 1));
    most = bits > most ? bits : most;
  }
  return most < infinity;
}

inline bool allFinite(const float* x, int64_t count) { return allFinite(x, count, uint32_t(0x7f800000)); }
inline bool allFinite(const double* x, int64_t count) { return allFinite(x, count, uint64_t(0x7ff0000000000000)); }

}  // namespace cnnative
