#include "kernels/kernels.h"

#include "kernels/families.h"

namespace cnnative {

namespace {

template <class T>
const Kernels<T>& scalarKernels() {
#define CNNATIVE_TABLE(type, name) scalar::name##Kernels<T>(),
  static const Kernels<T> table = {CNNATIVE_FAMILIES(CNNATIVE_TABLE)};
#undef CNNATIVE_TABLE
  return table;
}

// Not namespace-scope constants: the families' tables live in other files, whose initialisation order is open.
#if defined(__x86_64__) || defined(_M_X64)
const Kernels<float>& avx2Kernels() {
#define CNNATIVE_TABLE(type, name) avx2::name##Kernels,
  static const Kernels<float> table = {CNNATIVE_FAMILIES(CNNATIVE_TABLE)};
#undef CNNATIVE_TABLE
  return table;
}

const Kernels<float>& avx512Kernels() {
#define CNNATIVE_TABLE(type, name) avx512::name##Kernels,
  static const Kernels<float> table = {CNNATIVE_FAMILIES(CNNATIVE_TABLE)};
#undef CNNATIVE_TABLE
  return table;
}
#elif defined(__aarch64__) || defined(_M_ARM64)
const Kernels<float>& neonKernels() {
#define CNNATIVE_TABLE(type, name) neon::name##Kernels,
  static const Kernels<float> table = {CNNATIVE_FAMILIES(CNNATIVE_TABLE)};
#undef CNNATIVE_TABLE
  return table;
}
#endif

}  // namespace

template <>
const Kernels<float>& kernelsFor<float>(Isa isa) {
  switch (isa) {
#if defined(__x86_64__) || defined(_M_X64)
    case Isa::avx512:
      return avx512Kernels();
    case Isa::avx2:
      return avx2Kernels();
#elif defined(__aarch64__) || defined(_M_ARM64)
    case Isa::neon:
      return neonKernels();
#endif
    default:
      return scalarKernels<float>();
  }
}

template <>
const Kernels<double>& kernelsFor<double>(Isa) {
  return scalarKernels<double>();
}

}  // namespace cnnative
