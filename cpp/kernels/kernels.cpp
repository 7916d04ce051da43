#include "kernels/kernels.h"

#include "kernels/families.h"

namespace cnnative {

namespace {

template <class T>
const Kernels<T>& scalarKernels() {
  static const Kernels<T> table = {
      scalar::convKernels<T>(),       scalar::denseKernels<T>(),     scalar::poolKernels<T>(),
      scalar::activationKernels<T>(), scalar::softmaxKernels<T>(),   scalar::optimizerKernels<T>(),
      scalar::dataKernels<T>(),       scalar::reduceKernels<T>(),    scalar::peakKernels<T>(),
      scalar::winogradKernels<T>(),   scalar::normKernels<T>(),      scalar::channelKernels<T>(),
      scalar::flatKernels<T>(),       scalar::pointwiseKernels<T>(), scalar::lossKernels<T>()};
  return table;
}

// Not a namespace-scope constant: the families' tables live in other files, whose initialisation order is open.
#define CNNATIVE_RETURN_TABLE(isa)                                                                                    \
  {                                                                                                                   \
    static const Kernels<float> table = {                                                                             \
        isa::convKernels,      isa::denseKernels,   isa::poolKernels,   isa::activationKernels, isa::softmaxKernels,  \
        isa::optimizerKernels, isa::dataKernels,    isa::reduceKernels, isa::peakKernels,       isa::winogradKernels, \
        isa::normKernels,      isa::channelKernels, isa::flatKernels,   isa::pointwiseKernels,  isa::lossKernels};    \
    return table;                                                                                                     \
  }

}  // namespace

template <>
const Kernels<float>& kernelsFor<float>(Isa isa) {
  switch (isa) {
#if defined(__x86_64__) || defined(_M_X64)
    case Isa::avx512:
      CNNATIVE_RETURN_TABLE(avx512)
    case Isa::avx2:
      CNNATIVE_RETURN_TABLE(avx2)
#elif defined(__aarch64__) || defined(_M_ARM64)
    case Isa::neon:
      CNNATIVE_RETURN_TABLE(neon)
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
