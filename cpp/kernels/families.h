// The tables each kernel file defines: `scalar` ones as templates, the others once per instruction set by the very same
// source. kernels.cpp gathers them.
#pragma once

#include "kernels/kernels.h"

namespace cnnative {

#define CNNATIVE_DECLARE(type, name) extern const type##Kernels<float> name##Kernels;
#if defined(__x86_64__) || defined(_M_X64)
namespace avx2 {
CNNATIVE_FAMILIES(CNNATIVE_DECLARE)
}
namespace avx512 {
CNNATIVE_FAMILIES(CNNATIVE_DECLARE)
}
#elif defined(__aarch64__) || defined(_M_ARM64)
namespace neon {
CNNATIVE_FAMILIES(CNNATIVE_DECLARE)
}
#endif
#undef CNNATIVE_DECLARE

namespace scalar {
#define CNNATIVE_DECLARE(type, name) \
  template <class T>                 \
  const type##Kernels<T>& name##Kernels();
CNNATIVE_FAMILIES(CNNATIVE_DECLARE)
#undef CNNATIVE_DECLARE
}  // namespace scalar

}  // namespace cnnative
