// What differs between compilers.
#pragma once

#if defined(_MSC_VER) && !defined(__clang__)
#define CNNATIVE_UNROLL
#define CNNATIVE_INLINE __forceinline
#else
/// Unrolls the next loop completely: register tiles must not become arrays in memory.
#define CNNATIVE_UNROLL _Pragma("GCC unroll 32")
#define CNNATIVE_INLINE inline __attribute__((always_inline))
#endif
