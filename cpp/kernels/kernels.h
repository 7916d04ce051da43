// All kernels of one instruction set, for one element type. Operators hold a reference to such a table and know of no
// instruction set; a program picks its table once, when it is loaded.
#pragma once

#include "cpu/isa.h"
#include "kernels/activation/activation.h"
#include "kernels/channels/channels.h"
#include "kernels/conv/conv.h"
#include "kernels/data/data.h"
#include "kernels/dense/dense.h"
#include "kernels/flat/flat.h"
#include "kernels/loss/loss.h"
#include "kernels/norm/norm.h"
#include "kernels/optimizer/optimizer.h"
#include "kernels/peak/peak.h"
#include "kernels/pointwise/pointwise.h"
#include "kernels/pool/pool.h"
#include "kernels/reduce/reduce.h"
#include "kernels/softmax/softmax.h"
#include "kernels/winograd/winograd.h"

namespace cnnative {

template <class T>
struct Kernels {
  ConvKernels<T> conv;
  DenseKernels<T> dense;
  PoolKernels<T> pool;
  ActivationKernels<T> activation;
  SoftmaxKernels<T> softmax;
  OptimizerKernels<T> optimizer;
  DataKernels<T> data;
  ReduceKernels<T> reduce;
  PeakKernels<T> peak;
  WinogradKernels<T> winograd;
  NormKernels<T> norm;
  ChannelKernels<T> channels;
  FlatKernels<T> flat;
  PointwiseKernels<T> pointwise;
  LossKernels<T> loss;
};

/// The table for an instruction set this build has. Doubles have scalar kernels only, whatever `isa` says.
template <class T>
const Kernels<T>& kernelsFor(Isa isa);

}  // namespace cnnative
