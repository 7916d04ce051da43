// The tables each kernel file defines: `scalar` ones as templates, the others once per instruction set by the very same
// source. kernels.cpp gathers them.
#pragma once

#include "kernels/kernels.h"

#define CNNATIVE_DECLARE_FAMILIES(isa)                     \
  namespace isa {                                          \
  extern const ConvKernels<float> convKernels;             \
  extern const DenseKernels<float> denseKernels;           \
  extern const PoolKernels<float> poolKernels;             \
  extern const ActivationKernels<float> activationKernels; \
  extern const SoftmaxKernels<float> softmaxKernels;       \
  extern const OptimizerKernels<float> optimizerKernels;   \
  extern const DataKernels<float> dataKernels;             \
  extern const ReduceKernels<float> reduceKernels;         \
  extern const PeakKernels<float> peakKernels;             \
  extern const WinogradKernels<float> winogradKernels;     \
  extern const NormKernels<float> normKernels;             \
  extern const ChannelKernels<float> channelKernels;       \
  extern const FlatKernels<float> flatKernels;             \
  extern const PointwiseKernels<float> pointwiseKernels;   \
  extern const LossKernels<float> lossKernels;             \
  }

namespace cnnative {

#if defined(__x86_64__) || defined(_M_X64)
CNNATIVE_DECLARE_FAMILIES(avx2)
CNNATIVE_DECLARE_FAMILIES(avx512)
#elif defined(__aarch64__) || defined(_M_ARM64)
CNNATIVE_DECLARE_FAMILIES(neon)
#endif

namespace scalar {
template <class T>
const ConvKernels<T>& convKernels();
template <class T>
const DenseKernels<T>& denseKernels();
template <class T>
const PoolKernels<T>& poolKernels();
template <class T>
const ActivationKernels<T>& activationKernels();
template <class T>
const SoftmaxKernels<T>& softmaxKernels();
template <class T>
const OptimizerKernels<T>& optimizerKernels();
template <class T>
const DataKernels<T>& dataKernels();
template <class T>
const ReduceKernels<T>& reduceKernels();
template <class T>
const PeakKernels<T>& peakKernels();
template <class T>
const WinogradKernels<T>& winogradKernels();
template <class T>
const NormKernels<T>& normKernels();
template <class T>
const ChannelKernels<T>& channelKernels();
template <class T>
const FlatKernels<T>& flatKernels();
template <class T>
const PointwiseKernels<T>& pointwiseKernels();
template <class T>
const LossKernels<T>& lossKernels();
}  // namespace scalar

}  // namespace cnnative
