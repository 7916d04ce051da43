// Whether numbers are finite, told from their bits: compilers may take comparisons of NaN for granted.
#pragma once

#include <cstdint>
#include <cstring>

namespace cnnative {

/// Infinities and NaN are the numbers with all bits of the exponent set. Equality, not an order: every CPU compares
/// several numbers at once so.
template <class T, class Bits>
bool allFinite(const T* x, int64_t count, Bits exponent) {
  static_assert(sizeof(T) == sizeof(Bits));
  const auto isFull = [&](int64_t i) {
    Bits bits;
    std::memcpy(&bits, x + i, sizeof(bits));
    return (bits & exponent) == exponent ? Bits(1) : Bits(0);
  };
  // In blocks: compilers that care for size vectorise no loop of unknown length.
  constexpr int64_t kBlock = 16;
  Bits found[kBlock] = {};
  int64_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    for (int64_t j = 0; j < kBlock; j++) found[j] |= isFull(i + j);
  }
  for (; i < count; i++) found[0] |= isFull(i);
  Bits any = 0;
  for (Bits one : found) any |= one;
  return any == 0;
}

inline bool allFinite(const float* x, int64_t count) { return allFinite(x, count, uint32_t(0x7f800000)); }
inline bool allFinite(const double* x, int64_t count) { return allFinite(x, count, uint64_t(0x7ff0000000000000)); }

/// The same of `rows` rows, `stride` numbers from one to the next.
template <class T>
bool allFinite(const T* x, int64_t count, int64_t stride, int64_t rows) {
  for (int64_t row = 0; row < rows; row++) {
    if (!allFinite(x + row * stride, count)) return false;
  }
  return true;
}

}  // namespace cnnative
