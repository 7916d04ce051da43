// What differs between compilers.
#pragma once

#include <cstdint>

#if defined(_MSC_VER) && !defined(__clang__)
#define CNNATIVE_UNROLL
#define CNNATIVE_UNROLL_BY_4
#define CNNATIVE_INLINE __forceinline
#define CNNATIVE_NOINLINE __declspec(noinline)
#else
/// Unrolls the next loop completely: register tiles must not become arrays in memory.
#define CNNATIVE_UNROLL _Pragma("GCC unroll 32")
/// Takes four rounds of the next loop at once: a loop of some 30 instructions loses two cycles a round to its branch.
#define CNNATIVE_UNROLL_BY_4 _Pragma("GCC unroll 4")
#define CNNATIVE_INLINE inline __attribute__((always_inline))
/// A function that stays one: inlined into the loops around it, the addresses of its own would not fit the registers.
#define CNNATIVE_NOINLINE __attribute__((noinline))
#endif

namespace cnnative {

/// Asks for a cache line, for reading or writing, without waiting for it: to the second-level cache, or the first.
/// Inlined always, as whatever calls it must be: GCC drops calls of functions that only prefetch.
template <bool Write, int Level = 2>
CNNATIVE_INLINE void prefetch(const void* p) {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(p, Write ? 1 : 0, Level == 1 ? 3 : 2);
#else
  (void)p;
#endif
}

/// As std::min and std::max, which kernels must not use: the linker may keep the copy that needs wide instructions.
static CNNATIVE_INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
static CNNATIVE_INLINE int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

/// A number known to the compiler, to hand to a generic lambda.
template <int Value>
struct Size {
  constexpr int operator()() const { return Value; }
};

}  // namespace cnnative
